package dev.architect.planner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Block;
import dev.architect.project.item.Estimate;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemSize;
import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ImportReport;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskMasterImportTest {

    static final String TAGGED = """
            {'master':{'tasks':[
               {'id':1,'title':'Set up','description':'First','details':'More','testStrategy':'It builds','status':'done','priority':'critical',
                'dependencies':[],'complexity':7,'effort':1.5,'actualEffort':2,'assignee':'ada','tags':['infra'],
                'createdAt':'2026-01-01T00:00:00Z','updatedAt':'2026-01-02T00:00:00Z','previousStatus':'pending',
                'subtasks':[
                  {'id':1,'title':'Part one','status':'pending','dependencies':[]},
                  {'id':'2','title':'Part two','status':'in-progress','dependencies':[1,'2',104],'parentTaskId':1},
                  {'id':'1.3','title':'Part three','status':'review','dependencies':['1.2']}]},
               {'id':'2','title':'Two','status':'blocked','priority':'whenever','dependencies':['104',77],'complexity':'high','subtasks':[]},
               {'id':104,'title':'Far','status':'deferred','dependencies':[],'complexity':'huge'},
               {'id':5,'title':'Gone','status':'cancelled'},
               {'id':6,'title':'Odd','status':'frozen'},
               {'id':7,'title':'Old','status':'completed','dependencies':['1.1']}],
              'metadata':{'created':'2025-12-01T00:00:00Z'}},
             'feature-x':{'tasks':[{'id':1,'title':'Elsewhere','status':'pending'}],'metadata':{}}}
            """;

    @Test
    void takesEverythingOutOfATaggedFile() {
        ImportFixture fixture = new ImportFixture();

        List<ImportReport> reports =
                fixture.run(ImportFormat.TASK_MASTER, ImportFixture.bytes(TAGGED), ImportOptions.NONE);

        assertThat(reports).extracting(report -> report.project().name()).containsExactly("master", "feature-x");
        Item first = fixture.item("MAS-1");
        assertThat(first.draft().body()).isEqualTo("First\n\nMore");
        assertThat(first.draft().work().check()).contains("It builds");
        assertThat(first.draft().weight().priority()).isZero();
        assertThat(first.draft().weight().size()).contains(ItemSize.L);
        assertThat(first.draft().weight().estimate()).contains(new Estimate(90, 90, 90, Estimate.Source.PERSON));
        assertThat(first.draft().assignees()).containsExactly(Actor.person("ada"));
        assertThat(fixture.labels(first)).containsExactly("infra");
        assertThat(first.originData().orElseThrow()).contains("actualEffort").contains("previousStatus");
        assertThat(first.revision().createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(fixture.column(first).stage()).isEqualTo(Stage.DONE);
        Item two = fixture.item("MAS-2");
        assertThat(fixture.column(two).stage()).isEqualTo(Stage.READY);
        assertThat(two.draft().work().block().map(Block::reason)).contains(Block.Reason.EXTERNAL);
        assertThat(two.draft().weight().size()).contains(ItemSize.L);
        assertThat(two.revision().createdAt()).isEqualTo(Instant.parse("2025-12-01T00:00:00Z"));
        assertThat(fixture.column(fixture.item("MAS-104")).stage()).isEqualTo(Stage.BACKLOG);
        assertThat(fixture.column(fixture.item("MAS-5")).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(fixture.column(fixture.item("MAS-7")).stage()).isEqualTo(Stage.DONE);
        assertThat(named(fixture, "Part three").draft().plan().parent()).contains(first.id());
        assertThat(reports.get(0).findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("'frozen' has no stage"))
                .anyMatch(text -> text.contains("'whenever' is not known"))
                .anyMatch(text -> text.contains("'huge'"))
                .anyMatch(text -> text.contains("'77', which is not in the file"));
        assertThat(fixture.run(ImportFormat.TASK_MASTER, ImportFixture.bytes(TAGGED), ImportOptions.NONE))
                .noneMatch(ImportReport::isChange);
    }

    private static Item named(ImportFixture fixture, String title) {
        return fixture.items("master").stream()
                .filter(item -> item.draft().title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> blockers(ImportFixture fixture, Item item) {
        return fixture.projects.links().of(item.id()).stream()
                .filter(link -> link.kind() == LinkKind.BLOCKS && link.to().equals(item.id()))
                .map(link -> fixture.projects.items().get(link.from()).draft().title())
                .sorted()
                .toList();
    }

    @Test
    void aNumberBelowAHundredIsASiblingAndEverythingElseATask() {
        ImportFixture fixture = new ImportFixture();

        fixture.run(ImportFormat.TASK_MASTER, ImportFixture.bytes(TAGGED), ImportOptions.NONE);

        assertThat(blockers(fixture, named(fixture, "Part two"))).containsExactly("Far", "Part one", "Two");
        assertThat(blockers(fixture, named(fixture, "Part three"))).containsExactly("Part two");
        assertThat(blockers(fixture, named(fixture, "Two"))).containsExactly("Far");
        assertThat(blockers(fixture, named(fixture, "Old"))).containsExactly("Part one");
    }

    @Test
    void anOldFileIsTheTagMaster() {
        ImportFixture fixture = new ImportFixture();

        ImportReport report = fixture.one(
                ImportFormat.TASK_MASTER,
                "{'tasks':[{'id':3,'title':'Three','status':'pending','priority':'low'}],"
                        + "'complexityAnalysis':[{'taskId':3,'complexityScore':2,'recommendedSubtasks':4,"
                        + "'expansionPrompt':'Split','reasoning':'Because'}]}");

        assertThat(report.project()).isEqualTo(new ProjectId("master"));
        Item three = fixture.item("MAS-3");
        assertThat(three.draft().weight().priority()).isEqualTo(7);
        assertThat(three.draft().weight().size()).contains(ItemSize.XS);
        assertThat(three.originData().orElseThrow())
                .contains("recommendedSubtasks")
                .contains("Split")
                .contains("Because");
    }
}
