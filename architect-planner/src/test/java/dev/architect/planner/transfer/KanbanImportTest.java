package dev.architect.planner.transfer;

import static dev.architect.planner.transfer.ImportFixture.bytes;
import static dev.architect.planner.transfer.ImportFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.LinkKind;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ImportReport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KanbanImportTest {

    private static final String ISSUES = """
            Issue ID,Title,Description,Status,Priority,Project,Assignee(s),Labels,Creator,Created,Updated,Start Date,Due Date,Completed,Parent Issue
            VIB-12,"Login, again","Two
            lines and ""quotes""\",In progress,Urgent,Shop,"Doe, Jane, Bob","ui, slow",Bob,2026-01-02T03:04:05+00:00,2026-01-03T03:04:05+00:00,2026-01-02T12:00:00+00:00,2026-02-01T00:00:00+00:00,,
            VIB-7,Basket,,QA,Someday,Shop,Nobody Known,,,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,,,,VIB-12
            VIB-9,Old one,,Done,,Shop,,,,2026-01-01T00:00:00Z,2026-01-05T00:00:00Z,,,2026-01-04T00:00:00Z,
            """;

    static byte[] export() {
        return zip(
                "issues.csv",
                ISSUES,
                "projects.csv",
                "Name,Created,Updated\r\nShop,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\r\n",
                "users.csv",
                "Email,Name\na@example.org,\"Doe, Jane\"\nb@example.org,Bob\n",
                "tags.csv",
                "Project,Tag Name,Color\nShop,ui,217 91% 60%\nShop,slow,nonsense\n",
                "relationships.csv",
                "Issue ID,Related Issue ID,Type,Created\nVIB-9,VIB-12,Blocking,2026-01-01T00:00:00Z\n"
                        + "VIB-9,VIB-7,HasDuplicate,2026-01-01T00:00:00Z\n",
                "comments.csv",
                "Issue ID,Author,Message,Created,Updated\nVIB-12,Bob,Looks good,2026-01-02T04:00:00Z,2026-01-02T04:00:00Z\n",
                "attachments.csv",
                "Issue ID,Filename,Content Type,Size (bytes),File Path in ZIP\n"
                        + "VIB-12,note.txt,text/plain,5,attachments/VIB-12/note.txt\n"
                        + "VIB-12,note.txt,text/plain,9,attachments/VIB-12/note.txt\n",
                "attachments/VIB-12/note.txt",
                "hello",
                "pull_requests.csv",
                "Issue ID(s),PR URL\nVIB-12,https://example.org/1\n");
    }

    @Test
    void takesEverythingOutOfTheExport() {
        ImportFixture fixture = new ImportFixture();

        ImportReport report = fixture.run(ImportFormat.VIBE_KANBAN, export(), ImportOptions.NONE)
                .get(0);

        assertThat(report.project()).isEqualTo(new ProjectId("shop"));
        assertThat(report.items().added()).isEqualTo(3);
        assertThat(report.added().links()).isEqualTo(2);
        Item login = fixture.item("VIB-12");
        assertThat(login.draft().title()).isEqualTo("Login, again");
        assertThat(login.draft().body()).isEqualTo("Two\nlines and \"quotes\"");
        assertThat(login.draft().weight().priority()).isZero();
        assertThat(login.draft().assignees()).containsExactly(Actor.person("Doe, Jane"), Actor.person("Bob"));
        assertThat(fixture.labels(login)).containsExactly("slow", "ui");
        assertThat(login.draft().plan().due()).contains(LocalDate.parse("2026-02-01"));
        assertThat(login.revision().createdBy()).isEqualTo(Actor.person("Bob"));
        assertThat(login.revision().createdAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(login.revision().updatedAt()).isEqualTo(Instant.parse("2026-01-03T03:04:05Z"));
        assertThat(login.progress().startedAt()).contains(Instant.parse("2026-01-02T12:00:00Z"));
        assertThat(login.origin()).contains("vibe-kanban:VIB-12");
        assertThat(fixture.column(login).stage()).isEqualTo(Stage.ACTIVE);
        assertThat(fixture.projects.parts().labels(login.project()))
                .anySatisfy(label -> assertThat(label.draft().colour()).isEqualTo("#3c83f6"));
        Item basket = fixture.item("VIB-7");
        assertThat(basket.draft().plan().parent()).contains(login.id());
        assertThat(basket.originData().orElseThrow()).contains("Nobody Known").contains("VIB-7");
        assertThat(fixture.column(basket).draft().title()).isEqualTo("QA");
        assertThat(fixture.item("VIB-9").progress().doneAt()).contains(Instant.parse("2026-01-04T00:00:00Z"));
        assertThat(fixture.projects.links().of(fixture.item("VIB-9").id()))
                .extracting(link -> link.kind() + " " + link.to().equals(login.id()))
                .containsExactlyInAnyOrder("BLOCKS true", "DUPLICATES false");
        List<Comment> comments = fixture.projects.comments().of(login.id());
        assertThat(comments).extracting(Comment::body).containsExactly("Looks good");
        assertThat(comments.get(0).revision().createdBy()).isEqualTo(Actor.person("Bob"));
        List<Attachment> files = fixture.projects.attachments().of(login.id());
        assertThat(files).extracting(Attachment::name).containsExactly("note.txt");
        assertThat(fixture.projects.attachments().content(files.get(0)))
                .asString()
                .isEqualTo("hello");
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("'QA' has no stage"))
                .anyMatch(text -> text.contains("'Someday' is not known"))
                .anyMatch(text -> text.contains("'Nobody Known' can be read in no way"))
                .anyMatch(text -> text.contains("'nonsense' is no colour"))
                .anyMatch(text -> text.contains("pull requests are not carried over"))
                .anyMatch(text -> text.contains("two of one name"));
        // The next number is one that the source has not given.
        assertThat(fixture.projects
                        .items()
                        .create(
                                login.project(),
                                ItemDraft.of(ItemKind.CHORE, "New"),
                                Optional.empty(),
                                ImportFixture.ADA)
                        .key())
                .hasToString("VIB-13");
    }

    @Test
    void aSecondRunChangesNothing() {
        ImportFixture fixture = new ImportFixture();
        fixture.run(ImportFormat.VIBE_KANBAN, export(), ImportOptions.NONE);
        String before = String.join(
                "\n",
                fixture.projects
                        .imports()
                        .export(new ProjectId("shop"), 1_000_000)
                        .lines("events"));

        ImportReport second = fixture.run(ImportFormat.VIBE_KANBAN, export(), ImportOptions.NONE)
                .get(0);

        assertThat(second.isChange()).isFalse();
        assertThat(second.items().same()).isEqualTo(3);
        assertThat(fixture.projects
                        .imports()
                        .export(new ProjectId("shop"), 1_000_000)
                        .lines("events"))
                .isEqualTo(List.of(before.split("\n", -1)));
    }

    @Test
    void oldExportsHaveNoLabelsAndRelationsAndLeaveOursAlone() {
        ImportFixture fixture = new ImportFixture();
        byte[] old = zip(
                "issues.csv",
                "Issue ID,Title,Status\nVIB-1,One,To do\n",
                "projects.csv",
                "Name,Created,Updated\nShop,,\n");
        ImportReport report =
                fixture.run(ImportFormat.VIBE_KANBAN, old, ImportOptions.NONE).get(0);

        assertThat(report.findings()).extracting(ImportFinding::field).contains("labels", "relations", "comments");
        assertThat(fixture.column(fixture.item("VIB-1")).stage()).isEqualTo(Stage.READY);
    }

    @Test
    void whatAStatusMeansCanBeSaid() {
        ImportFixture fixture = new ImportFixture();
        ImportOptions options = new ImportOptions(
                Optional.of(new ProjectId("web")),
                Optional.of("WEB"),
                Optional.empty(),
                Map.of("qa", Stage.REVIEW),
                Map.of("someday", 9),
                1_000_000);

        fixture.run(ImportFormat.VIBE_KANBAN, export(), options);

        Item basket = fixture.item("WEB-7");
        assertThat(fixture.column(basket).stage()).isEqualTo(Stage.REVIEW);
        assertThat(basket.draft().weight().priority()).isEqualTo(9);
    }

    static final String ROWS = """
            {'projects':[{'id':'P1','name':'Shop','color':'217 91% 60%'}],
             'project_statuses':[
               {'id':'s1','project_id':'p1','name':'In review','color':'0 100% 50%','sort_order':3,'hidden':false},
               {'id':'s2','project_id':'p1','name':'Cancelled','color':'0 0% 0%','sort_order':5,'hidden':true}],
             'users':[{'id':'u1','email':'a@example.org','first_name':'Jane','last_name':'Doe'}],
             'tags':[{'id':'t1','project_id':'p1','name':'ui','color':'120 100% 25%'}],
             'issues':[
               {'id':'i1','project_id':'p1','issue_number':4,'simple_id':'VIB-4','status_id':'s1','title':'Login','description':null,
                'priority':'high','start_date':null,'target_date':'2026-03-01T00:00:00Z','completed_at':null,'sort_order':1.5,
                'parent_issue_id':null,'extension_metadata':{'a':1},'creator_user_id':'u1','created_at':'2026-01-01T00:00:00Z','updated_at':'2026-01-02T00:00:00Z'},
               {'id':'i2','project_id':'p1','issue_number':5,'simple_id':'VIB-5','status_id':'s2','title':'Basket','description':'b','priority':null,
                'parent_issue_id':'i1','creator_user_id':null,'created_at':'2026-01-01T00:00:00Z','updated_at':'2026-01-02T00:00:00Z'}],
             'issue_assignees':[{'id':'x','issue_id':'i1','user_id':'u1'},{'id':'y','issue_id':'i1','user_id':'u9'}],
             'issue_tags':[{'id':'z','issue_id':'i1','tag_id':'t1'}],
             'issue_relationships':[{'id':'r','issue_id':'i2','related_issue_id':'i1','relationship_type':'related'}],
             'issue_comments':[{'id':'c2','issue_id':'i1','author_id':'u1','parent_id':'c1','message':'Yes','created_at':'2026-01-03T00:00:00Z'},
               {'id':'c1','issue_id':'i1','author_id':'u1','parent_id':null,'message':'Is it?','created_at':'2026-01-02T00:00:00Z'}],
             'attachments':[{'original_name':'a.png'}]}
            """;

    @Test
    void takesEverythingOutOfRows() {
        ImportFixture fixture = new ImportFixture();

        ImportReport report = fixture.one(ImportFormat.VIBE_KANBAN, ROWS);

        Item login = fixture.item("VIB-4");
        assertThat(login.draft().weight().priority()).isEqualTo(2);
        assertThat(login.draft().plan().due()).contains(LocalDate.parse("2026-03-01"));
        assertThat(login.draft().assignees()).containsExactly(Actor.person("Jane Doe"), Actor.person("u9"));
        assertThat(login.originData().orElseThrow())
                .contains("extension_metadata")
                .contains("VIB-4");
        assertThat(fixture.labels(login)).containsExactly("ui");
        assertThat(fixture.column(login).draft().colour()).contains("#ff0000");
        assertThat(fixture.projects.get(login.project()).draft().colour()).contains("#3c83f6");
        assertThat(fixture.column(fixture.item("VIB-5")).draft().isHidden()).isTrue();
        assertThat(fixture.item("VIB-5").draft().plan().parent()).contains(login.id());
        assertThat(fixture.projects.links().of(login.id()))
                .anySatisfy(link -> assertThat(link.kind()).isEqualTo(LinkKind.RELATES));
        List<Comment> comments = fixture.projects.comments().of(login.id());
        assertThat(comments).extracting(Comment::body).containsExactly("Is it?", "Yes");
        assertThat(comments.get(1).parent()).contains(comments.get(0).id());
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("'u9' is no user"))
                .anyMatch(text -> text.contains("files are not in rows: 'a.png'"));
        assertThat(fixture.one(ImportFormat.VIBE_KANBAN, ROWS).isChange()).isFalse();
    }

    @Test
    void takesOnlyWhatTheSourceHasChangedAndNobodyHere() {
        ImportFixture fixture = new ImportFixture();
        fixture.one(ImportFormat.VIBE_KANBAN, ROWS);
        Item login = fixture.item("VIB-4");
        fixture.projects
                .items()
                .edit(login.id(), login.revision().version(), login.draft().withTitle("Our login"), ImportFixture.ADA);
        Item basket = fixture.item("VIB-5");
        fixture.projects.items().delete(basket.id(), basket.revision().version(), ImportFixture.ADA);

        ImportReport report = fixture.one(
                ImportFormat.VIBE_KANBAN,
                ROWS.replace("'Login'", "'Their login'").replace("'high'", "'low'"));

        Item after = fixture.item("VIB-4");
        assertThat(after.draft().title()).isEqualTo("Our login");
        assertThat(after.draft().weight().priority()).isEqualTo(7);
        assertThat(report.items().changed()).isEqualTo(1);
        assertThat(report.items().gone()).isEqualTo(1);
        assertThat(fixture.items("shop")).hasSize(1);
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.startsWith("VIB-4: title was edited here"))
                .anyMatch(text -> text.contains("was deleted here"));
    }

    @Test
    void takesEverythingOutOfTheLocalFile() {
        ImportFixture fixture = new ImportFixture();
        UUID project = new UUID(1, 2);
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("id", raw(new UUID(3, 4)));
        task.put("project_id", raw(project));
        task.put("title", "Login");
        task.put("description", "Text");
        task.put("status", "inreview");
        task.put("created_at", "2026-01-01 10:00:00.123");
        task.put("updated_at", "2026-01-02 10:00:00");
        Map<String, List<Map<String, Object>>> tables = Map.of(
                "projects", List.of(Map.of("id", raw(project), "name", "Shop")),
                "tasks", List.of(task),
                "tags", List.of(Map.of("id", raw(new UUID(5, 6)), "tag_name", "prompt")));

        ImportReport report = ImportFile.tables(tables, ImportOptions.NONE)
                .run(fixture.projects, ImportFixture.ADA)
                .get(0);

        Item login = fixture.item("SHO-1");
        assertThat(fixture.column(login).stage()).isEqualTo(Stage.REVIEW);
        assertThat(login.revision().createdAt()).isEqualTo(Instant.parse("2026-01-01T10:00:00.123Z"));
        assertThat(login.origin()).contains("vibe-kanban:" + new UUID(3, 4));
        assertThat(report.added().labels()).isZero();
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("texts for prompts and no labels"));
        assertThat(ImportFile.tables(tables, ImportOptions.NONE)
                        .run(fixture.projects, ImportFixture.ADA)
                        .get(0)
                        .isChange())
                .isFalse();
    }

    private static byte[] raw(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    @Test
    void aPreviewChangesNothing() {
        ImportFixture fixture = new ImportFixture();

        List<ImportReport> reports = ImportFile.read(ImportFormat.VIBE_KANBAN, bytes(ROWS), ImportOptions.NONE)
                .preview(fixture.projects, ImportFixture.ADA);

        assertThat(reports.get(0).items().added()).isEqualTo(2);
        assertThat(fixture.rows()).isZero();
        assertThat(new String(bytes(ROWS), StandardCharsets.UTF_8)).contains("\"issues\"");
    }
}
