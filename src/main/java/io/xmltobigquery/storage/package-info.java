/**
 * Files at one version: finding, reading, copying and deleting them, never another version by
 * mistake.
 */
package io.xmltobigquery.storage;
