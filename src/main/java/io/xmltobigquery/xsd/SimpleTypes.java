package io.xmltobigquery.xsd;

import io.xmltobigquery.profile.DeclaredValue;
import io.xmltobigquery.values.ColumnType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.xerces.xs.StringList;
import org.apache.xerces.xs.XSConstants;
import org.apache.xerces.xs.XSObjectList;
import org.apache.xerces.xs.XSSimpleTypeDefinition;
import org.apache.xerces.xs.XSTypeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Simple types as columns: XML Schema Part 2, and BigQuery's "Data types". A type takes all values
 * that the schema allows, but for numbers of any length, where it takes those that any processor
 * takes: Part 2 asks for 18 digits.
 */
final class SimpleTypes {

  /** Decimal digits that always fit. */
  private static final int INT64_DIGITS = 18;

  private static final int NUMERIC_INTEGER_DIGITS = 29;
  private static final int NUMERIC_FRACTION_DIGITS = ColumnType.NUMERIC_SCALE;
  private static final int BIGNUMERIC_INTEGER_DIGITS = 38;
  private static final int BIGNUMERIC_FRACTION_DIGITS = ColumnType.BIGNUMERIC_SCALE;

  /** What the type of all integers has for a pattern, in words of its own. */
  private static final Set<String> PATTERNS_OF_ALL = Set.of("[\\-+]?[0-9]+", "\\c+", "\\i\\c*");

  private SimpleTypes() {}

  static DeclaredValue of(XSSimpleTypeDefinition type) {
    return switch (type.getVariety()) {
      case XSSimpleTypeDefinition.VARIETY_LIST -> list(type);
      case XSSimpleTypeDefinition.VARIETY_UNION -> union(type);
      default -> atomic(type);
    };
  }

  private static DeclaredValue list(XSSimpleTypeDefinition type) {
    DeclaredValue item = of(type.getItemType());
    return new DeclaredValue(
        item.isList() ? ColumnType.STRING : item.type(),
        item.isBounded(),
        true,
        "a list of " + item.words(),
        item.choices());
  }

  /** The common type of all members, or STRING. */
  private static DeclaredValue union(XSSimpleTypeDefinition type) {
    XSObjectList members = type.getMemberTypes();
    Set<ColumnType> types = new TreeSet<>();
    Set<String> words = new TreeSet<>();
    List<String> choices = new ArrayList<>();
    boolean areBounded = true;
    boolean areEnumerated = true;
    for (int i = 0; i < members.getLength(); i++) {
      DeclaredValue member = of((XSSimpleTypeDefinition) members.item(i));
      types.add(member.isList() ? ColumnType.STRING : member.type());
      words.add(member.words());
      areBounded &= member.isBounded();
      areEnumerated &= !member.choices().isEmpty();
      choices.addAll(member.choices());
    }
    List<String> own = strings(type.getLexicalEnumeration());
    return new DeclaredValue(
        types.size() == 1 ? types.iterator().next() : ColumnType.STRING,
        areBounded,
        false,
        String.join(" or ", words),
        own.isEmpty() && areEnumerated ? choices : own);
  }

  private static DeclaredValue atomic(XSSimpleTypeDefinition type) {
    XSSimpleTypeDefinition builtIn = builtIn(type);
    String words = "xs:" + builtIn.getName();
    List<String> choices = strings(type.getLexicalEnumeration());
    return switch (type.getBuiltInKind()) {
      case XSConstants.BOOLEAN_DT -> value(ColumnType.BOOL, words, choices);
      case XSConstants.FLOAT_DT, XSConstants.DOUBLE_DT -> value(ColumnType.FLOAT64, words, choices);
      case XSConstants.DATETIME_DT -> value(ColumnType.TIMESTAMP, words, choices);
      case XSConstants.DATE_DT -> value(ColumnType.DATE, words, choices);
      case XSConstants.TIME_DT -> value(ColumnType.TIME, words, choices);
      case XSConstants.BASE64BINARY_DT -> value(ColumnType.BYTES, words, choices);
      case XSConstants.DECIMAL_DT -> decimal(type, words, choices);
      case XSConstants.INTEGER_DT,
          XSConstants.NONPOSITIVEINTEGER_DT,
          XSConstants.NEGATIVEINTEGER_DT,
          XSConstants.LONG_DT,
          XSConstants.INT_DT,
          XSConstants.SHORT_DT,
          XSConstants.BYTE_DT,
          XSConstants.NONNEGATIVEINTEGER_DT,
          XSConstants.UNSIGNEDLONG_DT,
          XSConstants.UNSIGNEDINT_DT,
          XSConstants.UNSIGNEDSHORT_DT,
          XSConstants.UNSIGNEDBYTE_DT,
          XSConstants.POSITIVEINTEGER_DT ->
          integer(type, words, choices);
      default -> text(type, words, choices);
    };
  }

  private static DeclaredValue value(ColumnType type, String words, List<String> choices) {
    return new DeclaredValue(type, true, false, words, choices);
  }

  private static DeclaredValue text(
      XSSimpleTypeDefinition type, String words, List<String> choices) {
    String most = facet(type, XSSimpleTypeDefinition.FACET_MAXLENGTH);
    String exact = facet(type, XSSimpleTypeDefinition.FACET_LENGTH);
    String length =
        exact != null
            ? " of " + exact + " characters"
            : most != null ? " of " + most + " characters at most" : "";
    return value(ColumnType.STRING, words + length, choices);
  }

  private static DeclaredValue integer(
      XSSimpleTypeDefinition type, String words, List<String> choices) {
    if (hasPattern(type)) {
      return value(
          ColumnType.STRING, words + " of a pattern, which leading zeros may be part of", choices);
    }
    Integer digits = number(facet(type, XSSimpleTypeDefinition.FACET_TOTALDIGITS));
    BigInteger least = bound(type, true);
    BigInteger most = bound(type, false);
    String of = digits == null ? "" : " of " + digits + " digits at most";
    boolean isLong =
        least != null
            && most != null
            && least.bitLength() < Long.SIZE
            && most.bitLength() < Long.SIZE;
    if (isLong || (digits != null && digits <= INT64_DIGITS)) {
      return value(ColumnType.INT64, words + of, choices);
    }
    Integer known = digits;
    if (least != null && most != null) {
      int bounded = Math.max(digits(least), digits(most));
      known = known == null ? bounded : Math.min(known, bounded);
    }
    if (known == null && isWithinLong(least) && isWithinLong(most)) {
      return new DeclaredValue(ColumnType.INT64, false, false, words + " of any length", choices);
    }
    if (known == null) {
      known = Math.max(least == null ? 0 : digits(least), most == null ? 0 : digits(most));
    }
    ColumnType wide =
        known <= NUMERIC_INTEGER_DIGITS
            ? ColumnType.NUMERIC
            : known <= BIGNUMERIC_INTEGER_DIGITS ? ColumnType.BIGNUMERIC : ColumnType.STRING;
    return value(wide, words + of, choices);
  }

  private static boolean isWithinLong(@Nullable BigInteger bound) {
    return bound == null || bound.bitLength() < Long.SIZE;
  }

  private static DeclaredValue decimal(
      XSSimpleTypeDefinition type, String words, List<String> choices) {
    if (hasPattern(type)) {
      return value(
          ColumnType.STRING, words + " of a pattern, which leading zeros may be part of", choices);
    }
    Integer digits = number(facet(type, XSSimpleTypeDefinition.FACET_TOTALDIGITS));
    Integer fraction = number(facet(type, XSSimpleTypeDefinition.FACET_FRACTIONDIGITS));
    if (fraction != null && fraction == 0) {
      return integer(type, words + " without a fraction", choices);
    }
    if (digits == null && fraction == null) {
      return new DeclaredValue(
          ColumnType.BIGNUMERIC, false, false, words + " of any length", choices);
    }
    if (digits == null) {
      ColumnType wide =
          fraction <= NUMERIC_FRACTION_DIGITS
              ? ColumnType.NUMERIC
              : fraction <= BIGNUMERIC_FRACTION_DIGITS ? ColumnType.BIGNUMERIC : ColumnType.STRING;
      return new DeclaredValue(
          wide,
          wide == ColumnType.STRING,
          false,
          words + " with " + fraction + " digits at most behind the point",
          choices);
    }
    // Any of them may stand before the point, and any behind it, unless the schema bounds these.
    int behind = fraction == null ? digits : fraction;
    ColumnType wide =
        behind <= NUMERIC_FRACTION_DIGITS && digits <= NUMERIC_INTEGER_DIGITS
            ? ColumnType.NUMERIC
            : behind <= BIGNUMERIC_FRACTION_DIGITS && digits <= BIGNUMERIC_INTEGER_DIGITS
                ? ColumnType.BIGNUMERIC
                : ColumnType.STRING;
    return value(
        wide,
        words
            + " of "
            + digits
            + " digits at most"
            + (fraction == null ? "" : ", " + fraction + " behind the point"),
        choices);
  }

  /** The bound of a type, off by one where it excludes it, which no type here depends on. */
  private static @Nullable BigInteger bound(XSSimpleTypeDefinition type, boolean isLeast) {
    String including =
        facet(
            type,
            isLeast
                ? XSSimpleTypeDefinition.FACET_MININCLUSIVE
                : XSSimpleTypeDefinition.FACET_MAXINCLUSIVE);
    String excluding =
        facet(
            type,
            isLeast
                ? XSSimpleTypeDefinition.FACET_MINEXCLUSIVE
                : XSSimpleTypeDefinition.FACET_MAXEXCLUSIVE);
    String bound = including == null ? excluding : including;
    if (bound == null) {
      return null;
    }
    int point = bound.indexOf('.');
    String whole = (point < 0 ? bound : bound.substring(0, point)).replaceFirst("^\\+", "");
    return whole.isEmpty() || whole.equals("-") ? BigInteger.ZERO : new BigInteger(whole);
  }

  private static int digits(BigInteger number) {
    return number.abs().toString().length();
  }

  private static boolean hasPattern(XSSimpleTypeDefinition type) {
    return strings(type.getLexicalPattern()).stream()
        .anyMatch(pattern -> !PATTERNS_OF_ALL.contains(pattern));
  }

  private static @Nullable String facet(XSSimpleTypeDefinition type, short facet) {
    return type.isDefinedFacet(facet) ? type.getLexicalFacetValue(facet) : null;
  }

  private static @Nullable Integer number(@Nullable String text) {
    // A schema may say a million digits, or more than an int holds.
    return text == null ? null : new BigInteger(text).min(BigInteger.valueOf(1_000_000)).intValue();
  }

  /** The type of XML Schema itself that it restricts. */
  private static XSSimpleTypeDefinition builtIn(XSSimpleTypeDefinition type) {
    XSTypeDefinition at = type;
    while (!XsdScan.XSD.equals(at.getNamespace()) && at.getBaseType() != at) {
      at = at.getBaseType();
    }
    return (XSSimpleTypeDefinition) at;
  }

  private static List<String> strings(@Nullable StringList list) {
    List<String> strings = new ArrayList<>();
    for (int i = 0; list != null && i < list.getLength(); i++) {
      strings.add(list.item(i));
    }
    return strings;
  }
}
