package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.ProjectDraft;
import dev.architect.project.board.ColumnDraft;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.milestone.MilestoneDraft;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project as another program's file holds it, in the terms of this one. Immutable.
 *
 * @param format the word of the format, such as {@code github}
 * @param held the fields of items that the format holds, by their names in JSON; others are left as they are here
 * @param prefix what its keys begin with; empty when it has none
 * @param draft its title and what else is known of it
 * @param board its columns, labels and milestones
 * @param items its items, each id once
 * @param links relations of its items, parents not included
 * @param findings what the reader of the file has found
 */
public record SourceProject(
        String format,
        Set<String> held,
        Optional<String> prefix,
        ProjectDraft draft,
        Parts board,
        List<SourceItem> items,
        List<SourceLink> links,
        List<ImportFinding> findings) {

    /**
     * What items refer to.
     *
     * @param columns every column that items name, in their order; titles are unique without case
     * @param labels every label that items name; names are unique without case
     * @param milestones every milestone that items name; titles are unique
     */
    public record Parts(List<ColumnDraft> columns, List<LabelDraft> labels, List<MilestoneDraft> milestones) {

        /** Copies the lists. */
        public Parts {
            columns = List.copyOf(Check.noNulls("columns", columns));
            labels = List.copyOf(Check.noNulls("labels", labels));
            milestones = List.copyOf(Check.noNulls("milestones", milestones));
        }
    }

    /** Copies the collections and checks every field. */
    public SourceProject {
        Check.notBlank("format", format);
        held = Set.copyOf(Check.noNulls("held", held));
        Check.notNull("prefix", prefix);
        Check.notNull("draft", draft);
        Check.notNull("board", board);
        items = List.copyOf(Check.noNulls("items", items));
        links = List.copyOf(Check.noNulls("links", links));
        findings = List.copyOf(Check.noNulls("findings", findings));
    }
}
