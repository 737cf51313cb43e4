package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.spi.TimeSource;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Views of pages: whose they are, and who sees them. */
final class ServerPageViewTest {

    private static final String PATH = "/api/page-views";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private JsonNode save(String json) {
        HttpResponse<String> made = fixture.post(PATH, json.replace('\'', '"'));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return fixture.json(made);
    }

    private HttpResponse<String> change(String id, long version, String json) {
        return fixture.send(fixture.request(PATH + "/" + id)
                .header("If-Match", "\"" + version + "\"")
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    private HttpResponse<String> delete(HttpRequest.Builder request, long version) {
        return fixture.send(request.header("If-Match", "\"" + version + "\"").DELETE());
    }

    @Test
    void aViewIsSavedChangedAndDeleted() {
        JsonNode made = save("{'page':'tasks','name':'Dead of web','query':'q=state:dead project:web&sort=-cost'}");
        String id = made.get("id").textValue();

        assertThat(made.get("own").booleanValue()).isTrue();
        assertThat(made.get("shared").booleanValue()).isFalse();
        assertThat(fixture.getJson(PATH + "?page=tasks").get("items")).containsExactly(made);
        assertThat(fixture.getJson(PATH + "?page=activity").get("items")).isEmpty();

        HttpResponse<String> changed = change(id, 1, "{'name':'Dead'}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(fixture.json(changed).get("query").textValue()).isEqualTo("q=state:dead project:web&sort=-cost");
        HttpResponse<String> stale = change(id, 1, "{'name':'Gone'}");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(fixture.json(stale).at("/current/name").textValue()).isEqualTo("Dead");
        assertThat(fixture.json(stale).get("changed").toString()).isEqualTo("[\"name\"]");

        assertThat(delete(fixture.request(PATH + "/" + id), 1).statusCode()).isEqualTo(412);
        assertThat(delete(fixture.request(PATH + "/" + id), 2).statusCode()).isEqualTo(204);
        assertThat(fixture.getJson(PATH + "?page=tasks").get("items")).isEmpty();
        assertThat(change(id, 2, "{'name':'Gone'}").statusCode()).isEqualTo(404);
    }

    @Test
    void othersSeeWhatIsSharedAndChangeNothingOfIt() {
        fixture.architect
                .access()
                .orElseThrow()
                .add(User.create(
                        "vic",
                        Set.of(UserRole.VIEWER),
                        ServerFixture.HASHER.hash(ServerFixture.PASSWORD),
                        TimeSource.system().wallTime()));
        String cookie = fixture.login("vic", ServerFixture.PASSWORD);
        save("{'page':'tasks','name':'Mine'}");
        JsonNode shared = save("{'page':'tasks','name':'Ours','shared':true}");
        String id = shared.get("id").textValue();

        JsonNode seen = fixture.json(
                        fixture.send(fixture.anonymous(PATH + "?page=tasks").header("Cookie", cookie)))
                .get("items");

        assertThat(seen.findValuesAsText("name")).containsExactly("Ours");
        assertThat(seen.get(0).get("own").booleanValue()).isFalse();
        assertThat(seen.get(0).get("createdBy").textValue()).isEqualTo("person:operator");
        HttpResponse<String> refused = delete(
                fixture.anonymous(PATH + "/" + id).header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin"), 1);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(fixture.json(refused).get("code").textValue()).isEqualTo("not-possible");
        assertThat(fixture.getJson(PATH + "?page=tasks").get("items")).hasSize(2);
    }

    @Test
    void aNameIsTakenOnceForAPage() {
        save("{'page':'tasks','name':'Dead'}");
        save("{'page':'activity','name':'Dead'}");

        HttpResponse<String> again = fixture.post(PATH, "{\"page\":\"tasks\",\"name\":\"dead\"}");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(fixture.json(again).get("code").textValue()).isEqualTo("name-taken");
        assertThat(ServerFixture.place(fixture.json(again))).isEqualTo("name");
        HttpResponse<String> unknown = fixture.post(PATH, "{\"page\":\"nowhere\",\"name\":\"x\"}");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(unknown))).isEqualTo("page");
        HttpResponse<String> longName = fixture.post(PATH, "{\"page\":\"tasks\",\"name\":\"" + "x".repeat(61) + "\"}");
        assertThat(longName.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(longName))).isEqualTo("name");
    }

    @Test
    void oneKeepsFiftyViewsAndNoneIsLostWhenManyAreSavedAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(fixture.client.sendAsync(
                    fixture.request(PATH)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"page\":\"tasks\",\"name\":\"View " + i + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        answers.forEach(each -> assertThat(each.join().statusCode()).isEqualTo(201));
        assertThat(fixture.getJson(PATH + "?page=tasks").get("items")).hasSize(10);
        for (int i = 10; i < 50; i++) {
            save("{'page':'llm-metrics','name':'View " + i + "'}");
        }

        HttpResponse<String> beyond = fixture.post(PATH, "{\"page\":\"tasks\",\"name\":\"One more\"}");

        assertThat(beyond.statusCode()).isEqualTo(409);
        assertThat(fixture.json(beyond).get("code").textValue()).isEqualTo("too-many");
    }
}
