/**
 * Files at one version: finding, reading, writing, copying and deleting them, never another version
 * by mistake. All access to files goes through a {@link io.xmltobigquery.files.FileStore}.
 *
 * <p>May import {@code coders} and what is below.
 */
package io.xmltobigquery.files;
