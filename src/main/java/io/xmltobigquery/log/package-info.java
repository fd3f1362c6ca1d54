/**
 * Log messages on one line each, whatever names they quote.
 *
 * <p>Plain Java. Imports no other package of ours.
 */
package io.xmltobigquery.log;
