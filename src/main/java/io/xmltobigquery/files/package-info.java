/**
 * Files at one version: finding, reading, writing, copying and deleting them, never another version
 * by mistake.
 */
package io.xmltobigquery.files;
