package io.xmltobigquery.check;

import io.xmltobigquery.files.CloudStorageFileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;

/** Asks Cloud Storage what may be done in a bucket, without doing it. */
public final class BucketAccess {

  /** What a job does in a directory. */
  public enum Need {
    /** Without list permission, a missing object answers 403 instead of 404. */
    READ("storage.objects.get", "storage.objects.list"),
    READ_AND_DELETE("storage.objects.get", "storage.objects.list", "storage.objects.delete"),
    /** To write an object that is there is to delete it. */
    WRITE(
        "storage.objects.get",
        "storage.objects.list",
        "storage.objects.delete",
        "storage.objects.create"),
    /** Dataflow's runner looks at the bucket itself, before it writes there. */
    WRITE_ON_DATAFLOW(
        "storage.objects.get",
        "storage.objects.list",
        "storage.objects.delete",
        "storage.objects.create",
        "storage.buckets.get");

    @SuppressWarnings("ImmutableEnumChecker") // It is made by List.of.
    private final List<String> permissions;

    Need(String... permissions) {
      this.permissions = List.of(permissions);
    }

    /** The names of the permissions, without what all or most of them begin with. */
    public String text() {
      return permissions.stream()
          .map(permission -> permission.replaceFirst("^storage\\.(objects\\.)?", ""))
          .collect(Collectors.joining(", "));
    }
  }

  private final CloudStorageFileStore storage;

  private BucketAccess(CloudStorageFileStore storage) {
    this.storage = storage;
  }

  /**
   * Access with the options' credentials.
   *
   * @param options how to reach Cloud Storage
   */
  public static BucketAccess of(GcsOptions options) {
    return new BucketAccess(CloudStorageFileStore.of(options));
  }

  /**
   * What keeps a job from doing what it needs to, if anything does.
   *
   * @param prefix {@code gs://bucket/} and how the objects' names begin
   */
  public Optional<String> problem(String prefix, Need need) {
    try {
      List<String> missing = storage.missingPermissions(prefix, need.permissions);
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "no permission "
                  + String.join(", ", missing)
                  + " in the bucket of "
                  + prefix
                  + "; grant this account a role that has it, such as "
                  + String.join(" and ", roles(missing)));
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static List<String> roles(List<String> missing) {
    List<String> roles = new ArrayList<>();
    if (missing.contains("storage.objects.create") || missing.contains("storage.objects.delete")) {
      roles.add("roles/storage.objectUser");
    } else if (missing.stream().anyMatch(permission -> permission.startsWith("storage.objects."))) {
      roles.add("roles/storage.objectViewer");
    }
    if (missing.contains("storage.buckets.get")) {
      roles.add("roles/storage.legacyBucketReader");
    }
    return roles;
  }
}
