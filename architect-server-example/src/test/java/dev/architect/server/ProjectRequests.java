package dev.architect.server;

import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.board.FieldDraft;
import dev.architect.project.board.FieldKind;
import dev.architect.project.board.LabelDraft;
import dev.architect.project.board.ViewDraft;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKind;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.milestone.MilestoneDraft;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.server.ContractRequests.Sent;
import dev.architect.view.PageViewDraft;
import dev.architect.view.PageViews;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Right requests about projects, their items, boards and milestones, and what has to be there for them. */
final class ProjectRequests {

    /** The user that the server takes for the caller that names none. */
    private static final Actor ADA = Actor.person("operator");

    private final ServerFixture fixture;

    ProjectRequests(ServerFixture fixture) {
        this.fixture = fixture;
    }

    /** Names each request by its operation. */
    void addTo(BiConsumer<String, Supplier<Sent>> requests) {
        projects(requests);
        items(requests);
    }

    private void projects(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept(
                "createProject",
                () -> Sent.json("/api/projects", "{'key':'" + name() + "','prefix':'" + prefix() + "','title':'Web'}"));
        requests.accept("getProject", () -> Sent.to("/api/projects/" + project().id()));
        requests.accept(
                "updateProject",
                () -> Sent.json("/api/projects/" + project().id(), "{'title':'Shop','colour':null}")
                        .ifMatch(1));
        for (String each : new String[] {"importProject", "previewImport"}) {
            requests.accept(
                    each,
                    () -> Sent.json(
                            "/api/projects/import" + (each.equals("previewImport") ? "/preview" : ""),
                            "{'from':'task-master','into':'" + name() + "','prefix':'" + prefix() + "','content':'"
                                    + Base64.getEncoder()
                                            .encodeToString("{\"tasks\":[{\"id\":1,\"title\":\"One\"}]}"
                                                    .getBytes(StandardCharsets.UTF_8))
                                    + "'}"));
        }
        requests.accept(
                "exportProject", () -> Sent.to("/api/projects/" + project().id() + "/export"));
        requests.accept(
                "archiveProject", () -> Sent.to("/api/projects/" + project().id() + "/archive"));
        requests.accept("restoreProject", () -> Sent.to("/api/projects/" + archived() + "/restore"));
        requests.accept("deleteProject", () -> {
            ProjectId id = archived();
            return Sent.to("/api/projects/" + id + "?confirm=" + id).ifMatch(2);
        });
        requests.accept("getBoard", () -> Sent.to("/api/projects/" + project().id() + "/board"));
        requests.accept(
                "updateColumns",
                () -> Sent.json(
                                "/api/projects/" + project().id() + "/board",
                                "{'columns':[{'title':'Next','stage':'ready'},{'title':'Now','stage':'active'},"
                                        + "{'title':'Done','stage':'done'}]}")
                        .ifMatch(1));
        for (String each : new String[] {"Label", "Field", "View"}) {
            String list = each.toLowerCase(Locale.ROOT) + "s";
            String more = each.equals("Field") ? ",'kind':'text'" : "";
            requests.accept("list" + each + "s", () -> Sent.to(partPath(each)));
            requests.accept(
                    "create" + each,
                    () -> Sent.json(
                            partPath(each).split("\\?", 2)[0],
                            "{'name':'One'" + more
                                    + (each.equals("View")
                                            ? ",'project':'" + project().id() + "'"
                                            : "") + "}"));
            requests.accept(
                    "update" + each,
                    () -> Sent.json("/api/" + list + "/" + part(each), "{'name':'Two'}")
                            .ifMatch(1));
            requests.accept(
                    "delete" + each,
                    () -> Sent.to("/api/" + list + "/" + part(each)).ifMatch(1));
        }
        requests.accept("listPageViews", () -> Sent.to("/api/page-views?page=tasks"));
        requests.accept("createPageView", () -> {
            forgetPageViews();
            return Sent.json("/api/page-views", "{'page':'tasks','name':'Dead','query':'q=state:dead','shared':true}");
        });
        requests.accept(
                "updatePageView",
                () -> Sent.json("/api/page-views/" + pageView(), "{'name':'Two'}")
                        .ifMatch(1));
        requests.accept(
                "deletePageView", () -> Sent.to("/api/page-views/" + pageView()).ifMatch(1));
        requests.accept(
                "listMilestones", () -> Sent.to("/api/projects/" + project().id() + "/milestones"));
        requests.accept(
                "createMilestone",
                () -> Sent.json("/api/projects/" + project().id() + "/milestones", "{'title':'Beta'}"));
        requests.accept("getMilestone", () -> Sent.to("/api/milestones/" + milestone()));
        requests.accept(
                "updateMilestone",
                () -> Sent.json("/api/milestones/" + milestone(), "{'target':'2027-01-31'}")
                        .ifMatch(1));
        requests.accept(
                "deleteMilestone",
                () -> Sent.to("/api/milestones/" + milestone()).ifMatch(1));
        requests.accept(
                "reachMilestone",
                () -> Sent.to("/api/milestones/" + milestone() + "/reach").ifMatch(1));
        requests.accept("getBurnUp", () -> Sent.to("/api/milestones/" + milestone() + "/burnup"));
    }

    private void items(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("listItems", () -> Sent.to("/api/projects/" + item().project() + "/items"));
        requests.accept("searchItems", () -> Sent.to("/api/projects/" + item().project() + "/search?q=login"));
        requests.accept(
                "createItem",
                () -> Sent.json(
                        "/api/projects/" + project().id() + "/items",
                        "{'title':'Login','estimate':{'likely':30},'blocked':{'reason':'external'}}"));
        requests.accept("getItem", () -> Sent.to("/api/items/" + item().key()));
        requests.accept(
                "updateItem",
                () -> Sent.json(
                                "/api/items/" + item().id(),
                                "{'title':'Sign in','estimate':{'likely':30},'blocked':{'reason':'external'}}")
                        .ifMatch(1));
        requests.accept("deleteItem", () -> Sent.to("/api/items/" + item().id()).ifMatch(1));
        requests.accept("moveItem", () -> Sent.json("/api/items/" + item().id() + "/move", "{'column':'Done'}"));
        requests.accept("startItem", () -> Sent.json("/api/items/" + item().id() + "/start", "{'confirm':true}"));
        requests.accept("bulkUpdateItems", () -> {
            Item item = item();
            return Sent.json(
                    "/api/items/bulk",
                    "{'project':'" + item.project() + "','items':[{'id':'" + item.id()
                            + "','version':1}],'change':{'priority':1,'estimate':{'likely':1},'blocked':null},"
                            + "'column':'Done'}");
        });
        for (String each : new String[] {
            "listItemEvents:/events",
            "listItemTasks:/tasks",
            "getItemCost:/cost",
            "listLinks:/links",
            "listComments:/comments",
            "listAttachments:/attachments"
        }) {
            String[] parts = each.split(":", 2);
            requests.accept(parts[0], () -> Sent.to("/api/items/" + item().id() + parts[1]));
        }
        requests.accept("addLink", () -> Sent.to("/api/items/" + item().key() + "/links/blocks/" + item().key()));
        requests.accept("removeLink", () -> {
            ItemLink link = new ItemLink(item().id(), item().id(), LinkKind.BLOCKS);
            fixture.architect.projects().links().add(link, ADA);
            return Sent.to("/api/items/" + link.from() + "/links/blocks/" + link.to());
        });
        requests.accept("addComment", () -> Sent.json("/api/items/" + item().id() + "/comments", "{'body':'Why?'}"));
        requests.accept(
                "updateComment",
                () -> Sent.json("/api/comments/" + comment(), "{'body':'Why not?'}")
                        .ifMatch(1));
        requests.accept(
                "deleteComment", () -> Sent.to("/api/comments/" + comment()).ifMatch(1));
        requests.accept(
                "resolveComment", () -> Sent.json("/api/comments/" + comment() + "/resolve", "{'resolved':true}"));
        requests.accept(
                "addAttachment",
                () -> Sent.json(
                        "/api/items/" + item().id() + "/attachments", "{'name':'notes.txt','content':'aGVsbG8='}"));
        requests.accept("getAttachment", () -> Sent.to("/api/attachments/" + attachment()));
        requests.accept("deleteAttachment", () -> Sent.to("/api/attachments/" + attachment()));
    }

    private static String name() {
        return "p" + UUID.randomUUID().toString().replace("-", "");
    }

    /** Six letters that no other project of the run is likely to have. */
    private static String prefix() {
        return UUID.randomUUID()
                .toString()
                .replace("-", "")
                .chars()
                .limit(6)
                .mapToObj(each -> String.valueOf((char) ('A' + each % 26)))
                .collect(Collectors.joining());
    }

    private Project project() {
        // Few letters are made of hexadecimal digits, so one may be taken.
        while (true) {
            try {
                return fixture.architect
                        .projects()
                        .create(new ProjectId(name()), prefix(), ProjectDraft.of("Web"), ADA);
            } catch (PlanningException taken) {
                if (taken.kind() != PlanningException.Kind.TAKEN) {
                    throw taken;
                }
            }
        }
    }

    private ProjectId archived() {
        ProjectId id = project().id();
        fixture.architect.projects().archive(id, ADA);
        return id;
    }

    private Item item() {
        return fixture.architect
                .projects()
                .items()
                .create(project().id(), ItemDraft.of(ItemKind.FEATURE, "Login"), Optional.empty(), ADA);
    }

    private String partPath(String kind) {
        ProjectId id = project().id();
        return kind.equals("View")
                ? "/api/views?project=" + id
                : "/api/projects/" + id + "/" + kind.toLowerCase(Locale.ROOT) + "s";
    }

    private PartId part(String kind) {
        ProjectId id = project().id();
        return switch (kind) {
            case "Label" ->
                fixture.architect
                        .projects()
                        .parts()
                        .addLabel(id, LabelDraft.of("One"), ADA)
                        .id();
            case "Field" ->
                fixture.architect
                        .projects()
                        .parts()
                        .addField(id, new FieldDraft("One", FieldKind.TEXT, List.of()), ADA)
                        .id();
            default ->
                fixture.architect
                        .projects()
                        .parts()
                        .addView(id, new ViewDraft("One", "", ViewDraft.Layout.BOARD, true), ADA)
                        .id();
        };
    }

    private String pageView() {
        forgetPageViews();
        PageViews views = fixture.architect.views();
        return views.add(views.prepare("tasks", new PageViewDraft("One", "", true), ADA))
                .id();
    }

    /** A person keeps few of them. */
    private void forgetPageViews() {
        PageViews views = fixture.architect.views();
        views.list("tasks", ADA)
                .forEach(view -> views.delete(view.id(), view.revision().version(), ADA));
    }

    private MilestoneId milestone() {
        return fixture.architect
                .projects()
                .milestones()
                .create(project().id(), MilestoneDraft.of("Beta"), ADA)
                .id();
    }

    private PartId comment() {
        return fixture.architect
                .projects()
                .comments()
                .add(item().id(), Optional.empty(), "Why?", ADA)
                .id();
    }

    private PartId attachment() {
        return fixture.architect
                .projects()
                .attachments()
                .add(item().id(), "notes.txt", "", new byte[] {'a'}, ADA)
                .id();
    }
}
