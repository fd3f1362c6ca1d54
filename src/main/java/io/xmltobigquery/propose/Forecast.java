package io.xmltobigquery.propose;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a proposal likely does on files that it wasn't made of: each half of the samples is read by
 * what is proposed of the other half.
 *
 * @param accepted how many files were taken
 * @param files how many there are
 */
public record Forecast(long accepted, long files) {

  /** Makes a proposal of a half. */
  @FunctionalInterface
  public interface Proposer {
    Proposal propose(Profile profile) throws NoProposalException;
  }

  /** Fewer say nothing. */
  private static final int LEAST_FILES = 4;

  /** In bytes, as stored: samples are read twice more. */
  private static final long MOST_BYTES = 1_000_000_000;

  /**
   * Makes one, unless there are too few files for it, or they are too large.
   *
   * @param files that are good
   * @param proposer how proposals are made
   * @throws IOException if one can't be read
   */
  public static Optional<Forecast> of(List<FileVersion> files, Proposer proposer, FileStore store)
      throws IOException {
    long bytes = files.stream().mapToLong(FileVersion::size).sum();
    if (files.size() < LEAST_FILES || bytes > MOST_BYTES) {
      return Optional.empty();
    }
    List<List<FileVersion>> halves = List.of(new ArrayList<>(), new ArrayList<>());
    // What files are alike often have names that are: each half is to have some of them.
    List<FileVersion> byName =
        files.stream().sorted(Comparator.comparing(FileVersion::uri)).toList();
    for (int i = 0; i < byName.size(); i++) {
      halves.get(i % 2).add(byName.get(i));
    }
    long accepted = 0;
    for (int i = 0; i < 2; i++) {
      try {
        Proposal proposal = proposer.propose(Explorer.explore(halves.get(i), store).profile());
        accepted += SampleCheck.of(proposal.read(), halves.get(1 - i), store).accepted();
      } catch (NoProposalException e) {
        // None of the others is taken by what can't be proposed.
      }
    }
    return Optional.of(new Forecast(accepted, files.size()));
  }
}
