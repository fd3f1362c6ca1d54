package io.xmltobigquery.explore;

import io.xmltobigquery.profile.Profile;
import java.util.List;

/**
 * What was found in some files.
 *
 * @param profile of those that are good
 * @param bytes of those that are good, as stored
 * @param leftOut files that the profile doesn't count, by name; {@link LeftOutFiles#MOST} at most
 * @param leftOutFiles how many there are in all
 */
public record Exploration(Profile profile, long bytes, List<LeftOut> leftOut, long leftOutFiles) {

  public Exploration {
    leftOut = List.copyOf(leftOut);
  }
}
