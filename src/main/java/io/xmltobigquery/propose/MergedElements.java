package io.xmltobigquery.propose;

import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes one element of two in different places.
 *
 * @param files how many have it if some have the one, and some the other
 */
record MergedElements(LongBinaryOperator files) {

  private static final Comparator<AttributeProfile> BY_NAME =
      Comparator.comparing((AttributeProfile attribute) -> attribute.name().local())
          .thenComparing(attribute -> attribute.name().namespace());

  /** One that has what either has. */
  ElementProfile elements(ElementProfile one, ElementProfile other) {
    return new ElementProfile(
        one.name(),
        one.count() + other.count(),
        one.parents() + other.parents(),
        Math.max(one.mostPerParent(), other.mostPerParent()),
        files.applyAsLong(one.files(), other.files()),
        one.empty() + other.empty(),
        one.text() + other.text(),
        one.nested() + other.nested(),
        one.mixed() + other.mixed(),
        one.nil() + other.nil(),
        Math.max(one.mostCharacters(), other.mostCharacters()),
        merged(one.values(), other.values()),
        mergedAttributes(one.attributes(), other.attributes()),
        mergedChildren(one.children(), other.children()),
        one.below() + other.below(),
        one.declared() == null ? other.declared() : one.declared());
  }

  private List<ElementProfile> mergedChildren(
      List<ElementProfile> some, List<ElementProfile> more) {
    List<ElementProfile> all = new ArrayList<>(some);
    for (ElementProfile child : more) {
      int same = -1;
      for (int i = 0; i < all.size(); i++) {
        same = all.get(i).name().equals(child.name()) ? i : same;
      }
      if (same < 0) {
        all.add(child);
      } else {
        all.set(same, elements(all.get(same), child));
      }
    }
    return all;
  }

  private List<AttributeProfile> mergedAttributes(
      List<AttributeProfile> some, List<AttributeProfile> more) {
    List<AttributeProfile> all = new ArrayList<>(some);
    for (AttributeProfile attribute : more) {
      int same = -1;
      for (int i = 0; i < all.size(); i++) {
        same = all.get(i).name().equals(attribute.name()) ? i : same;
      }
      if (same < 0) {
        all.add(attribute);
      } else {
        AttributeProfile other = all.get(same);
        all.set(
            same,
            new AttributeProfile(
                other.name(),
                other.count() + attribute.count(),
                files.applyAsLong(other.files(), attribute.files()),
                merged(other.values(), attribute.values()),
                other.declared() == null ? attribute.declared() : other.declared()));
      }
    }
    all.sort(BY_NAME);
    return all;
  }

  private static @Nullable ValueProfile merged(
      @Nullable ValueProfile one, @Nullable ValueProfile other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Map<ValueKind, Long> kinds = new HashMap<>(one.kinds());
    other.kinds().forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    Set<String> examples = new TreeSet<>(one.examples());
    examples.addAll(other.examples());
    return new ValueProfile(
        kinds,
        Math.min(one.minLength(), other.minLength()),
        Math.max(one.maxLength(), other.maxLength()),
        Math.max(one.integerDigits(), other.integerDigits()),
        Math.max(one.fractionDigits(), other.fractionDigits()),
        Math.max(one.distinct(), other.distinct()),
        examples.stream().limit(ValueProfile.MOST_EXAMPLES).toList());
  }
}
