package org.mixel.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mixel.data.named.NamedSet;
import org.mixel.data.named.NamedSets;
import org.mixel.data.named.SetFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mixel data}: the sets that have a name, and where they lie. */
@Command(
    name = "data",
    header = "List the named data sets, or fetch one.",
    synopsisSubcommandLabel = "list|get",
    subcommands = {DataCommand.ListSets.class, DataCommand.Get.class},
    sortOptions = false)
final class DataCommand {
  /** {@code mixel data list}. */
  @Command(
      name = "list",
      header = "List the named data sets and where they lie.",
      sortOptions = false)
  static final class ListSets extends Subcommand {
    private record Listed(
        String name,
        String description,
        List<String> parts,
        long bytes,
        boolean present,
        String folder,
        String licence,
        String homepage) {}

    @Override
    Answer run(Session session) {
      List<Listed> sets = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (NamedSet set : NamedSets.list()) {
        boolean present = NamedSets.isPresent(set);
        long bytes = set.files().stream().mapToLong(SetFile::bytes).sum();
        String folder = NamedSets.folder(set).toString();
        sets.add(
            new Listed(
                set.name(),
                set.description(),
                NamedSet.PARTS,
                bytes,
                present,
                folder,
                set.licence(),
                set.homepage()));
        text.append(text.isEmpty() ? "" : "\n\n")
            .append(set.name() + " (parts " + String.join(", ", NamedSet.PARTS) + ")")
            .append("\n  " + set.description())
            .append("\n  licence: " + set.licence())
            .append("\n  " + (present ? "lies in " : "not here; mixel data get would put it into "))
            .append(folder + " (%.1f MB)".formatted(bytes / 1e6));
      }
      return Answer.of(Map.of("sets", sets), text.toString());
    }
  }

  /** {@code mixel data get}. */
  @Command(
      name = "get",
      header = "Fetch a named data set, unless it is here, and check it.",
      sortOptions = false)
  static final class Get extends Subcommand {
    @Parameters(paramLabel = "NAME", description = "The set, or one part of it: mnist, mnist:test.")
    private String name;

    private record Fetched(String name, String folder) {}

    @Override
    Answer run(Session session) {
      Path folder = NamedSets.get(name, session.progress());
      return Answer.of(new Fetched(name, folder.toString()), folder.toString());
    }
  }
}
