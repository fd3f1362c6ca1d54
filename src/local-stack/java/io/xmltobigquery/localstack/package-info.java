/** What the pipeline needs to work with the local stack, in a jar of its own. */
package io.xmltobigquery.localstack;
