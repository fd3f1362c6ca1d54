package io.xmltobigquery.crash;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;

/**
 * What an output holds.
 *
 * @param rows of all tables but {@code file_loads}
 * @param outcomes of {@code file_loads}, as {@code URI OUTCOME}
 */
record Found(Multiset<LoadedRow> rows, Multiset<String> outcomes) {

  static Found nothing() {
    return new Found(HashMultiset.create(), HashMultiset.create());
  }
}
