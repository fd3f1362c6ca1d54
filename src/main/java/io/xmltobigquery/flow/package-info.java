/**
 * The steps of the pipeline are in the packages below this one: {@code find}, {@code read}, {@code
 * write} and {@code settle}, in the order in which data goes through them. {@link
 * io.xmltobigquery.flow.StableInput} is here because several of them need it.
 *
 * <p>This package may import {@code pubsub} and what is below.
 */
package io.xmltobigquery.flow;
