package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.task.TaskId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Projects over HTTP, as a page or a script uses them. */
final class ServerProjectTest {

    private static final String AGENT = "agent:coder";

    private ServerFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ServerFixture();
        assertThat(post("/api/projects", "{'key':'web','prefix':'WEB','title':'Web site'}")
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> post(String path, String body) {
        return fixture.post(path, body.replace('\'', '"'));
    }

    private HttpResponse<String> patch(String path, long version, String body) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "\"" + version + "\"")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private JsonNode item(String fields) {
        HttpResponse<String> made = post("/api/projects/web/items", "{" + fields + "}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return fixture.json(made);
    }

    private String column(JsonNode item) {
        for (JsonNode column :
                fixture.getJson("/api/projects/web/board?cards=0").get("columns")) {
            if (column.get("id").equals(item.get("column"))) {
                return column.get("title").textValue();
            }
        }
        return "nowhere";
    }

    @Test
    void changesOnlyWhatIsNamedFromTheVersionThatWasSeen() {
        JsonNode made = item("'title':'Login','body':'Text','due':'2027-01-31'");

        HttpResponse<String> changed = patch("/api/items/WEB-1", 1, "{'priority':1,'due':null}");
        HttpResponse<String> stale = patch("/api/items/WEB-1", 1, "{'title':'Sign in'}");
        HttpResponse<String> unconditional = fixture.send(fixture.request("/api/items/WEB-1")
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        JsonNode after = fixture.json(changed);
        assertThat(after.get("priority").intValue()).isEqualTo(1);
        assertThat(after.get("body")).isEqualTo(made.get("body"));
        assertThat(after.has("due")).isFalse();
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(fixture.json(stale).get("changed").toString()).isEqualTo("[\"due\",\"priority\"]");
        assertThat(fixture.json(stale).get("current")).isEqualTo(after);
        assertThat(unconditional.statusCode()).isEqualTo(428);
    }

    @Test
    void namesThePlaceOfWhatIsWrong() {
        JsonNode unknown = fixture.json(post("/api/projects/web/items", "{'title':'x','labels':['bug']}"));
        JsonNode nearest = fixture.json(post("/api/projects/web/items", "{'titel':'x'}"));
        JsonNode order =
                fixture.json(post("/api/projects/web/items", "{'title':'x','estimate':{'optimistic':9,'likely':3}}"));
        HttpResponse<String> filter = fixture.get("/api/projects/web/items?q=kind:bgu");

        assertThat(ServerFixture.place(unknown)).isEqualTo("labels[0]");
        assertThat(nearest.get("detail").textValue()).contains("did you mean 'title'");
        assertThat(ServerFixture.place(order)).isEqualTo("estimate");
        assertThat(filter.statusCode()).isEqualTo(400);
        assertThat(filter.body()).contains("feature, bug, chore");
        assertThat(fixture.getJson("/api/projects/web/items").get("items")).isEmpty();
    }

    @Test
    void refusesACircleWithItsWay() {
        item("'title':'One'");
        item("'title':'Two'");
        assertThat(put("/api/items/WEB-1/links/blocks/WEB-2").statusCode()).isEqualTo(200);

        HttpResponse<String> circle = put("/api/items/WEB-2/links/blocks/WEB-1");

        assertThat(circle.statusCode()).isEqualTo(422);
        assertThat(fixture.json(circle).get("code").textValue()).isEqualTo("cycle");
        assertThat(circle.body()).contains("WEB-1 → WEB-2 → WEB-1");
        JsonNode links = fixture.getJson("/api/items/WEB-1/links").get("items");
        assertThat(links).hasSize(1);
        assertThat(links.at("/0/key").textValue()).isEqualTo("WEB-2");
        assertThat(links.at("/0/title").textValue()).isEqualTo("Two");
        assertThat(fixture.getJson("/api/items/WEB-2/links").at("/items/0/key").textValue())
                .isEqualTo("WEB-1");
    }

    private HttpResponse<String> put(String path) {
        return fixture.send(fixture.request(path).PUT(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void pagesThroughAFilterAndRefusesTheCursorOfAnother() {
        for (int i = 0; i < 5; i++) {
            item("'title':'Bug " + i + "','kind':'bug'");
            item("'title':'Chore " + i + "','kind':'chore'");
        }

        JsonNode first = fixture.getJson("/api/projects/web/items?q=kind:bug&sort=key&limit=3");
        String next = first.get("next").textValue();
        JsonNode second = fixture.getJson("/api/projects/web/items?q=kind:bug&sort=key&limit=3&cursor=" + next);

        assertThat(first.get("items")).hasSize(3);
        assertThat(second.get("items")).hasSize(2);
        assertThat(second.at("/items/1/title").textValue()).isEqualTo("Bug 4");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(fixture.get("/api/projects/web/items?sort=key&limit=3&cursor=" + next)
                        .statusCode())
                .isEqualTo(400);
        assertThat(fixture.getJson("/api/projects/web/search?q=chore%203").get("items"))
                .hasSize(1);
    }

    @Test
    void keepsMachinesWithinALimitAndAsksPeople() {
        JsonNode board = fixture.getJson("/api/projects/web/board");
        StringBuilder columns = new StringBuilder();
        for (JsonNode column : board.get("columns")) {
            columns.append(columns.isEmpty() ? "" : ",")
                    .append("{\"id\":")
                    .append(column.get("id"))
                    .append(",\"title\":")
                    .append(column.get("title"))
                    .append(",\"stage\":")
                    .append(column.get("stage"))
                    .append(column.get("stage").textValue().equals("active") ? ",\"wipLimit\":1}" : "}");
        }
        assertThat(patch("/api/projects/web/board", 1, "{'columns':[" + columns + "]}")
                        .statusCode())
                .isEqualTo(200);
        item("'title':'One','column':'In progress'");
        item("'title':'Two'");

        HttpResponse<String> machine = fixture.send(fixture.request("/api/items/WEB-2/move")
                .header("Content-Type", "application/json")
                .header("Architect-Actor", AGENT)
                .POST(HttpRequest.BodyPublishers.ofString("{\"column\":\"In progress\",\"confirm\":true}")));
        HttpResponse<String> person = post("/api/items/WEB-2/move", "{'column':'In progress'}");
        HttpResponse<String> confirmed = post("/api/items/WEB-2/move", "{'column':'In progress','confirm':true}");

        assertThat(machine.statusCode()).isEqualTo(409);
        assertThat(fixture.json(person).get("code").textValue()).isEqualTo("wip-limit");
        assertThat(confirmed.statusCode()).isEqualTo(200);
    }

    @Test
    void anItemIsMovedToAnotherProjectAndItsOldKeyGoesOnNamingIt() {
        item("'title':'Wrong shelf'");
        post("/api/projects", "{'key':'shop','prefix':'SHOP','title':'Shop'}");

        HttpResponse<String> nowhere = post("/api/items/WEB-1/move", "{'project':'nowhere'}");
        HttpResponse<String> same = post("/api/items/WEB-1/move", "{'project':'web'}");
        HttpResponse<String> beside = post("/api/items/WEB-1/move", "{'project':'shop','before':'WEB-1'}");
        HttpResponse<String> without = post("/api/items/WEB-1/move", "{}");
        HttpResponse<String> moved = post("/api/items/WEB-1/move", "{'project':'shop','column':'To do'}");

        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(same.statusCode()).isEqualTo(400);
        assertThat(same.body()).contains("/project");
        assertThat(beside.body()).contains("/before");
        assertThat(without.body()).contains("column is missing");
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        assertThat(fixture.getJson("/api/items/WEB-1").get("key").textValue()).isEqualTo("SHOP-1");
        assertThat(fixture.getJson("/api/projects/web/items").get("items")).isEmpty();
        assertThat(fixture.getJson("/api/items/SHOP-1/events").get("items").findValuesAsText("field"))
                .contains("moved", "created");
    }

    @Test
    void aStartedItemGoesToReviewWhenItsTaskIsDone() {
        JsonNode made = item("'title':'Say hello'");

        HttpResponse<String> started = post("/api/items/WEB-1/start", "{}");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        fixture.await(TaskId.parse(fixture.json(started).get("task").textValue()));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        JsonNode now = fixture.getJson("/api/items/WEB-1");
        while (!column(now).equals("In review") && System.nanoTime() < deadline) {
            now = fixture.getJson("/api/items/WEB-1");
        }

        assertThat(column(made)).isEqualTo("Backlog");
        assertThat(column(now)).isEqualTo("In review");
        assertThat(now.get("updatedBy").textValue()).isEqualTo("rule:engine");
        assertThat(now.has("startedAt")).isTrue();
        assertThat(fixture.getJson("/api/items/WEB-1/tasks")
                        .at("/items/0/state")
                        .textValue())
                .isEqualTo("done");
        assertThat(fixture.getJson("/api/items/WEB-1/cost").get("attempts").intValue())
                .isEqualTo(1);
        assertThat(fixture.getJson("/api/items/WEB-1/events?limit=500").get("items"))
                .extracting(event -> event.get("field").textValue())
                .contains("created", "task", "column", "stage");
    }

    @Test
    void aProjectBeginsWithWhatATemplateOrAnotherProjectHas() {
        JsonNode known = fixture.getJson("/api/project-templates").get("items");
        assertThat(known.findValuesAsText("name")).contains("board", "software");

        JsonNode shop = fixture.json(
                post("/api/projects", "{'key':'shop','prefix':'SHOP','title':'Shop','template':'software'}"));
        assertThat(shop.get("template").textValue()).isEqualTo("software");
        assertThat(fixture.getJson("/api/projects/shop/labels").get("items").findValuesAsText("name"))
                .contains("security");
        HttpResponse<String> changed = fixture.send(fixture.request("/api/projects/shop")
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", "\"1\"")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString("{\"reviewed\":false,\"defaultLabels\":[\"security\"]}")));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);

        JsonNode copy = fixture.json(post(
                "/api/projects",
                "{'key':'cart','prefix':'CART','title':'Cart','description':'Own','template':'project:shop'}"));
        assertThat(copy.get("title").textValue()).isEqualTo("Cart");
        assertThat(copy.get("description").textValue()).isEqualTo("Own");
        assertThat(copy.get("reviewed").booleanValue()).isFalse();
        JsonNode item = fixture.json(post("/api/projects/cart/items", "{'title':'One'}"));
        assertThat(item.get("labels")).hasSize(1);

        for (String wrong : new String[] {"sofware", "project:nowhere", "project:No name", " "}) {
            HttpResponse<String> refused =
                    post("/api/projects", "{'key':'more','prefix':'MORE','title':'More','template':'" + wrong + "'}");
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).contains("/template");
        }
        assertThat(fixture.get("/api/projects/more").statusCode()).isEqualTo(404);
    }

    @Test
    void servesFilesAsDownloadsOnly() {
        item("'title':'One'");
        JsonNode file = fixture.json(post(
                "/api/items/WEB-1/attachments", "{'name':'a b.html','type':'text/html','content':'PGI+aGk8L2I+'}"));

        HttpResponse<String> content =
                fixture.get("/api/attachments/" + file.get("id").textValue());

        assertThat(file.get("type").textValue()).isEqualTo("text/plain");
        assertThat(content.body()).isEqualTo("<b>hi</b>");
        assertThat(content.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(content.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(content.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename*=UTF-8''a%20b.html");
        assertThat(post("/api/items/WEB-1/attachments", "{'name':'../x','content':'PGI+'}")
                        .statusCode())
                .isEqualTo(400);
    }
}
