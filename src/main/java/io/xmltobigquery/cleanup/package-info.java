/** The last step: what becomes of files whose outcomes are recorded. */
package io.xmltobigquery.cleanup;
