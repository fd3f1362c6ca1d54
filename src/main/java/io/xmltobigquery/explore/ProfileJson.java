package io.xmltobigquery.explore;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.explore.Outline.Line;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.NamespaceProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.RecordCandidate;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.values.ColumnType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * An exploration as JSON: {@code files}, {@code records}, {@code namespaces}, {@code recursions},
 * and {@code paths}, one object for each path. README has what is in it.
 */
public final class ProfileJson {

  private final JsonGenerator json;

  private ProfileJson(JsonGenerator json) {
    this.json = json;
  }

  /** Writes an exploration in UTF-8, with a line feed at its end, and leaves the stream open. */
  public static void write(OutputStream out, Exploration exploration) throws IOException {
    JsonLines.write(out, json -> new ProfileJson(json).write(exploration));
  }

  private void write(Exploration exploration) throws IOException {
    Profile profile = exploration.profile();
    json.writeStartObject();
    json.writeObjectFieldStart("files");
    json.writeNumberField("explored", profile.documents());
    json.writeNumberField("bytes", exploration.bytes());
    json.writeNumberField("leftOut", exploration.leftOutFiles());
    json.writeEndObject();
    JsonLines.writeFiles(json, "leftOut", exploration.leftOut());
    json.writeNumberField("elements", profile.elements());
    if (!profile.isComplete()) {
      json.writeNumberField("deepest", profile.deepest());
    }
    writeRecords(profile);
    writeNamespaces(profile);
    writeRecursions(profile);
    json.writeArrayFieldStart("paths");
    for (Line root : Outline.of(profile)) {
      writeLines(root);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeRecords(Profile profile) throws IOException {
    PathNames names = PathNames.of(profile);
    json.writeArrayFieldStart("records");
    for (RecordCandidate candidate : RecordCandidate.of(profile)) {
      ElementProfile element = candidate.element();
      json.writeStartObject();
      json.writeStringField("path", names.path(candidate.path()));
      json.writeStringField("namespace", element.name().namespace());
      json.writeBooleanField("document", candidate.isDocument());
      json.writeNumberField("inside", candidate.inside());
      json.writeNumberField("count", element.count());
      json.writeNumberField("files", element.files());
      json.writeNumberField("mostPerParent", element.mostPerParent());
      json.writeNumberField("columns", candidate.columns());
      json.writeNumberField("values", candidate.values());
      json.writeNumberField("mostCharacters", element.mostCharacters());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeNamespaces(Profile profile) throws IOException {
    json.writeArrayFieldStart("namespaces");
    for (NamespaceProfile namespace : profile.namespaces()) {
      json.writeStartObject();
      json.writeStringField("uri", namespace.uri());
      json.writeStringField("prefix", namespace.prefix());
      json.writeNumberField("elements", namespace.elements());
      json.writeNumberField("attributes", namespace.attributes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("versions");
    for (NamespaceProfile.Versions versions : NamespaceProfile.versions(profile.namespaces())) {
      json.writeStartObject();
      json.writeStringField("pattern", versions.pattern());
      json.writeArrayFieldStart("namespaces");
      for (String uri : versions.uris()) {
        json.writeString(uri);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeRecursions(Profile profile) throws IOException {
    PathNames names = PathNames.of(profile);
    json.writeArrayFieldStart("recursions");
    for (Profile.Recursion recursion : profile.recursions()) {
      json.writeStartObject();
      json.writeStringField("path", names.path(recursion.outermost()));
      json.writeNumberField("nesting", recursion.nesting());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeLines(Line line) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", line.path());
    json.writeStringField(
        "namespace",
        (line.attribute() == null ? line.element().name() : line.attribute().name()).namespace());
    json.writeNumberField("count", line.count());
    json.writeNumberField("in", line.having());
    json.writeNumberField("of", line.around());
    json.writeNumberField("files", line.files());
    if (line.attribute() == null) {
      writeElement(line.element());
    }
    ValueProfile values = line.values();
    if (values != null) {
      writeValues(values);
    }
    json.writeEndObject();
    for (Line below : line.lines()) {
      writeLines(below);
    }
  }

  private void writeElement(ElementProfile element) throws IOException {
    json.writeNumberField("mostPerParent", element.mostPerParent());
    json.writeNumberField("empty", element.empty());
    json.writeNumberField("text", element.text());
    json.writeNumberField("nested", element.nested());
    json.writeNumberField("mixed", element.mixed());
    json.writeNumberField("nil", element.nil());
    if (element.nested() + element.mixed() > 0) {
      json.writeNumberField("mostCharacters", element.mostCharacters());
    }
    if (element.below() > 0) {
      json.writeNumberField("below", element.below());
    }
  }

  private void writeValues(ValueProfile values) throws IOException {
    json.writeStringField("type", values.type().name());
    json.writeArrayFieldStart("fitting");
    for (ColumnType type : values.fitting()) {
      json.writeString(type.name());
    }
    json.writeEndArray();
    json.writeObjectFieldStart("kinds");
    for (ValueKind kind : ValueKind.values()) {
      if (values.count(kind) > 0) {
        json.writeNumberField(kind.name().toLowerCase(Locale.ROOT), values.count(kind));
      }
    }
    json.writeEndObject();
    json.writeNumberField("minLength", values.minLength());
    json.writeNumberField("maxLength", values.maxLength());
    json.writeNumberField("integerDigits", values.integerDigits());
    json.writeNumberField("fractionDigits", values.fractionDigits());
    json.writeNumberField("distinct", Math.min(values.distinct(), ValueProfile.MOST_DISTINCT));
    json.writeBooleanField("moreDistinct", values.distinct() > ValueProfile.MOST_DISTINCT);
    json.writeArrayFieldStart("examples");
    for (String example : values.examples()) {
      json.writeString(example);
    }
    json.writeEndArray();
  }
}
