/**
 * Takes back what is in the dead letter: rejected files to their places, refused rows and invalid
 * records to their tables. It starts no pipeline. See {@link io.xmltobigquery.replay.Replay}.
 *
 * <p>May import {@code flow} with all that is in it, {@code trial} and what is below.
 */
package io.xmltobigquery.replay;
