/** What must hold when a worker dies and a streaming job goes on from where it was recorded. */
package io.xmltobigquery.flow;
