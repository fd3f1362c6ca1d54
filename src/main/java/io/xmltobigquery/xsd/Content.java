package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.xerces.xs.XSComplexTypeDefinition;
import org.apache.xerces.xs.XSConstants;
import org.apache.xerces.xs.XSElementDeclaration;
import org.apache.xerces.xs.XSModelGroup;
import org.apache.xerces.xs.XSObjectList;
import org.apache.xerces.xs.XSParticle;
import org.apache.xerces.xs.XSTerm;
import org.apache.xerces.xs.XSWildcard;

/**
 * The elements that may come in one of a type: how often each, whatever group it is in.
 *
 * @param children in the order in which the schema has them first
 * @param isOpen whether others may come as well, since there is a wildcard
 */
record Content(Map<XmlName, Child> children, boolean isOpen) {

  private static final Content NONE = new Content(Map.of(), false);

  /** Two stand for any more. */
  private static final int MANY = 2;

  /**
   * One of them.
   *
   * @param least how many there are at least: 0, 1, or 2 for more
   * @param most how many there are at most: 0, 1, or 2 for more
   */
  record Child(XSElementDeclaration element, int least, int most) {

    private Child times(int least, int most) {
      return new Child(
          element, Math.min(MANY, this.least * least), Math.min(MANY, this.most * most));
    }

    private Child plus(Child other) {
      return new Child(
          element, Math.min(MANY, least + other.least), Math.min(MANY, most + other.most));
    }

    private Child or(Child other) {
      return new Child(element, Math.min(least, other.least), Math.max(most, other.most));
    }

    private Child orNone() {
      return new Child(element, 0, most);
    }
  }

  /** Reads each group once, however often it is referred to. */
  static final class Reader {
    private final XsdModel model;
    private final IdentityHashMap<XSModelGroup, Content> groups = new IdentityHashMap<>();

    Reader(XsdModel model) {
      this.model = model;
    }

    Content read(XSComplexTypeDefinition type) {
      XSParticle particle = type.getParticle();
      return particle == null ? NONE : read(particle);
    }

    private Content read(XSParticle particle) {
      int most = particle.getMaxOccursUnbounded() ? MANY : Math.min(MANY, particle.getMaxOccurs());
      int least = Math.min(MANY, particle.getMinOccurs());
      if (most == 0) {
        return NONE;
      }
      XSTerm term = particle.getTerm();
      if (term instanceof XSWildcard) {
        return new Content(Map.of(), true);
      }
      Content once =
          term instanceof XSModelGroup group ? group(group) : element((XSElementDeclaration) term);
      Map<XmlName, Child> children = new LinkedHashMap<>();
      once.children().forEach((name, child) -> children.put(name, child.times(least, most)));
      return new Content(children, once.isOpen());
    }

    private Content element(XSElementDeclaration element) {
      List<XSElementDeclaration> substitutes =
          element.getScope() == XSConstants.SCOPE_GLOBAL ? model.substitutes(element) : List.of();
      Map<XmlName, Child> children = new LinkedHashMap<>();
      int least = substitutes.isEmpty() ? 1 : 0;
      if (!element.getAbstract()) {
        children.put(XsdModel.name(element), new Child(element, least, 1));
      }
      for (XSElementDeclaration substitute : substitutes) {
        children.put(XsdModel.name(substitute), new Child(substitute, 0, 1));
      }
      return new Content(children, false);
    }

    private Content group(XSModelGroup group) {
      Content known = groups.get(group);
      if (known == null) {
        known = groupOnce(group);
        groups.put(group, known);
      }
      return known;
    }

    private Content groupOnce(XSModelGroup group) {
      boolean isChoice = group.getCompositor() == XSModelGroup.COMPOSITOR_CHOICE;
      Map<XmlName, Child> children = new LinkedHashMap<>();
      boolean isOpen = false;
      XSObjectList particles = group.getParticles();
      for (int i = 0; i < particles.getLength(); i++) {
        Content part = read((XSParticle) particles.item(i));
        isOpen |= part.isOpen();
        if (isChoice) {
          boolean isFirst = i == 0;
          children.replaceAll(
              (name, child) -> part.children().containsKey(name) ? child : child.orNone());
          part.children()
              .forEach(
                  (name, child) ->
                      children.compute(
                          name,
                          (same, known) ->
                              known == null ? isFirst ? child : child.orNone() : known.or(child)));
        } else {
          part.children().forEach((name, child) -> children.merge(name, child, Child::plus));
        }
      }
      return new Content(children, isOpen);
    }
  }
}
