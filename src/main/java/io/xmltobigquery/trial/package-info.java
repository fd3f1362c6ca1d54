/**
 * {@code check}: what a load would make of files, without loading them.
 *
 * <p>{@link io.xmltobigquery.trial.Trial} reads files by a mapping, as a load does, and counts in
 * place of holding rows; {@link io.xmltobigquery.trial.TrialText} and {@link
 * io.xmltobigquery.trial.TrialJson} show what was found.
 *
 * <p>May import {@code explore} and what is below.
 */
package io.xmltobigquery.trial;
