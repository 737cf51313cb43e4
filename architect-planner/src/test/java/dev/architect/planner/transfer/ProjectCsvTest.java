package dev.architect.planner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProjectCsvTest {

    private static final ProjectId WEB = new ProjectId("web");

    @Test
    void whatIsWrittenIsReadAgainAndRunsNoFormula() throws IOException {
        ImportFixture fixture = new ImportFixture();
        fixture.projects.create(WEB, "WEB", ProjectDraft.of("Web"), ImportFixture.ADA);
        var field = fixture.projects
                .parts()
                .addField(WEB, new FieldDraft("=Customer", FieldKind.TEXT, List.of()), ImportFixture.ADA);
        Item first = fixture.projects
                .items()
                .create(
                        WEB,
                        ItemDraft.of(ItemKind.FEATURE, "=HYPERLINK(\"http://example.org\",\"x\")")
                                .withBody("one, \"two\"\r\nthree")
                                .withFields(Map.of(field.id(), "@SUM(A1)")),
                        Optional.empty(),
                        ImportFixture.ADA);
        fixture.projects
                .items()
                .create(
                        WEB,
                        ItemDraft.of(ItemKind.BUG, "+1").withParent(Optional.of(first.id())),
                        Optional.empty(),
                        ImportFixture.ADA);
        StringBuilder csv = new StringBuilder();

        ProjectCsv.write(fixture.projects, WEB, csv);

        List<CsvTable.Row> rows =
                CsvTable.read("out.csv", csv.toString().getBytes(StandardCharsets.UTF_8), List.of("Key", "Title"));
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).text("Key")).isEqualTo("WEB-1");
        assertThat(rows.get(0).raw("Title")).isEqualTo("'=HYPERLINK(\"http://example.org\",\"x\")");
        assertThat(rows.get(0).raw("Body")).isEqualTo("one, \"two\"\r\nthree");
        assertThat(rows.get(0).raw("'=Customer")).isEqualTo("'@SUM(A1)");
        assertThat(rows.get(1).raw("Title")).isEqualTo("'+1");
        assertThat(rows.get(1).text("Parent")).isEqualTo("WEB-1");
        assertThat(rows.get(1).text("Column")).isEqualTo("Backlog");
        assertThat(csv.toString()).contains("\r\nWEB-2,");
        assertThat(rows.stream().flatMap(row -> row.values().values().stream()))
                .noneMatch(value -> value.matches("(?s)[ \\n]*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20].*"));
    }

    @Test
    void aCellIsInertAndQuotedWhereItNeedsTo() {
        assertThat(ProjectCsv.cell("=1")).isEqualTo("'=1");
        assertThat(ProjectCsv.cell("  -1")).isEqualTo("'  -1");
        assertThat(ProjectCsv.cell("\uff1dx")).isEqualTo("'\uff1dx");
        assertThat(ProjectCsv.cell("@x,y")).isEqualTo("\"'@x,y\"");
        assertThat(ProjectCsv.cell("a,b")).isEqualTo("\"a,b\"");
        assertThat(ProjectCsv.cell("a=1")).isEqualTo("a=1");
    }
}
