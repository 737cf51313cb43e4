package dev.architect.planner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.Actor;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.Milestone;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ImportReport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitHubImportTest {

    static final String REST = """
            {'issues':[
              {'number':12,'node_id':'I_12','title':'Crash','body':null,'state':'open','state_reason':'reopened','comments':3,
               'repository_url':'https://api.github.com/repos/acme/shop','html_url':'https://github.com/acme/shop/issues/12',
               'user':{'login':'ada'},'assignees':[{'login':'bob'},{'login':'eve'}],
               'labels':[{'name':'bug','color':'d73a4a','description':'Something is broken'},{'name':'p1','color':'000000'},'plain'],
               'milestone':{'title':'1.0','description':'First','state':'closed','due_on':'2026-05-01T07:00:00Z'},
               'created_at':'2026-01-01T00:00:00Z','updated_at':'2026-01-02T00:00:00Z','closed_at':null,
               'parent_issue_url':'https://api.github.com/repos/acme/shop/issues/13','sub_issues_summary':{'total':0},
               'issue_dependencies_summary':{'blocked_by':1}},
              {'number':13,'title':'Done','body':'b','state':'closed','state_reason':'completed','closed_at':'2026-01-03T00:00:00Z',
               'repository_url':'https://api.github.com/repos/acme/shop','labels':[],'comments':1,'created_at':'2026-01-01T00:00:00Z'},
              {'number':14,'title':'No','state':'closed','state_reason':'not_planned','closed_at':'2026-01-03T00:00:00Z',
               'repository_url':'https://api.github.com/repos/acme/shop','created_at':'2026-01-01T00:00:00Z'},
              {'number':15,'title':'Twice','state':'closed','state_reason':'duplicate','closed_at':'2026-01-03T00:00:00Z',
               'repository_url':'https://api.github.com/repos/acme/shop','created_at':'2026-01-01T00:00:00Z'},
              {'number':16,'title':'A pull request','state':'open','pull_request':{},
               'repository_url':'https://api.github.com/repos/acme/shop'}],
             'dependencies':{'12':[{'number':14},{'number':99}]},
             'comments':{'13':[{'id':77,'user':{'login':'eve'},'body':'Fixed','created_at':'2026-01-03T00:00:00Z'}]}}
            """;

    private static final ImportOptions PRIORITIES = new ImportOptions(
            Optional.empty(), Optional.of("SHOP"), Optional.empty(), Map.of(), Map.of("P1", 1), 1_000_000);

    @Test
    void takesEverythingOutOfTheRestInterface() {
        ImportFixture fixture = new ImportFixture();

        ImportReport report = fixture.run(ImportFormat.GITHUB, ImportFixture.bytes(REST), PRIORITIES)
                .get(0);

        assertThat(report.project()).isEqualTo(new ProjectId("shop"));
        Item crash = fixture.item("SHOP-12");
        assertThat(crash.draft().kind()).isEqualTo(ItemKind.BUG);
        assertThat(crash.draft().body()).isEmpty();
        assertThat(crash.draft().weight().priority()).isEqualTo(1);
        assertThat(crash.draft().assignees()).containsExactly(Actor.person("bob"), Actor.person("eve"));
        assertThat(crash.revision().createdBy()).isEqualTo(Actor.person("ada"));
        assertThat(crash.origin()).contains("github:acme/shop#12");
        assertThat(crash.originData().orElseThrow()).contains("I_12").contains("sub_issues_summary");
        assertThat(fixture.labels(crash)).containsExactly("bug", "p1", "plain");
        assertThat(fixture.projects.parts().labels(crash.project())).anySatisfy(label -> {
            assertThat(label.draft().colour()).isEqualTo("#d73a4a");
            assertThat(label.draft().description()).isEqualTo("Something is broken");
        });
        Milestone milestone = fixture.projects.milestones().of(crash.project()).get(0);
        assertThat(milestone.draft().target()).contains(LocalDate.parse("2026-05-01"));
        assertThat(crash.draft().plan().milestone()).contains(milestone.id());
        assertThat(crash.draft().plan().parent())
                .contains(fixture.item("SHOP-13").id());
        assertThat(fixture.projects.links().of(crash.id()))
                .anySatisfy(link -> assertThat(link.kind()).isEqualTo(LinkKind.BLOCKS));
        assertThat(fixture.column(crash).stage()).isEqualTo(Stage.READY);
        assertThat(fixture.column(fixture.item("SHOP-13")).stage()).isEqualTo(Stage.DONE);
        assertThat(fixture.item("SHOP-13").progress().doneAt()).contains(Instant.parse("2026-01-03T00:00:00Z"));
        assertThat(fixture.column(fixture.item("SHOP-14")).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(fixture.column(fixture.item("SHOP-15")).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(fixture.projects.comments().of(fixture.item("SHOP-13").id()))
                .extracting(Comment::body)
                .containsExactly("Fixed");
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("is a count of 3"))
                .anyMatch(text -> text.contains("pull_request is no issue"))
                .anyMatch(text -> text.contains("is duplicate"))
                .anyMatch(text -> text.contains("milestone is planned"))
                .anyMatch(text -> text.contains("not in the file"));
        assertThat(fixture.items("shop")).hasSize(4);
        assertThat(fixture.run(ImportFormat.GITHUB, ImportFixture.bytes(REST), PRIORITIES))
                .noneMatch(ImportReport::isChange);
    }

    @Test
    void takesWhatTheCommandGives() {
        ImportFixture fixture = new ImportFixture();
        String issues = """
                [{'number':12,'id':'I_12','title':'Crash','body':'','state':'CLOSED','stateReason':'NOT_PLANNED','url':'https://github.com/acme/shop/issues/12',
                  'author':{'login':'ada'},'assignees':[],'labels':[{'name':'p1'},{'name':'p2'}],'milestone':{'title':'1.0','dueOn':'2026-05-01T00:00:00Z'},
                  'comments':[{'id':'IC_1','author':{'login':'eve'},'body':'%s','createdAt':'2026-01-03T00:00:00Z'}],
                  'createdAt':'2026-01-01T00:00:00Z','updatedAt':'2026-01-02T00:00:00Z','closedAt':'2026-01-04T00:00:00Z'}]
                """.formatted("x".repeat(45_000));
        ImportOptions options = new ImportOptions(
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of("p1", 1, "p2", 2), 1_000_000);

        ImportReport report = fixture.run(ImportFormat.GITHUB, ImportFixture.bytes(issues), options)
                .get(0);

        Item crash = fixture.item("SHO-12");
        assertThat(fixture.column(crash).stage()).isEqualTo(Stage.CANCELLED);
        // The same issue as over REST.
        assertThat(crash.origin()).contains("github:acme/shop#12");
        List<Comment> comments = fixture.projects.comments().of(crash.id());
        assertThat(comments)
                .hasSize(3)
                .allSatisfy(
                        comment -> assertThat(comment.revision().createdBy()).isEqualTo(Actor.person("eve")));
        assertThat(comments.stream()
                        .mapToInt(comment -> comment.body().length())
                        .sum())
                .isEqualTo(45_000);
        assertThat(report.findings().stream().map(ImportFinding::toString))
                .anyMatch(text -> text.contains("has labels for [1, 2]"));
        assertThat(fixture.run(ImportFormat.GITHUB, ImportFixture.bytes(issues), options))
                .noneMatch(ImportReport::isChange);
    }
}
