/** Where bad files and bad records are kept, with the reason. */
package io.xmltobigquery.flow.settle;
