package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeOrder;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The nodes that share the store, over HTTP. */
final class ServerNodeTest {

    private final AtomicReference<Store> store = new AtomicReference<>();
    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), memory -> {
        store.set(memory);
        return memory;
    });

    @AfterEach
    void close() {
        fixture.close();
    }

    private NodeStore nodes() {
        return store.get().nodes();
    }

    private String join(String name) {
        return Long.toString(
                nodes().join(new NodeInfo(name, "1.2", Set.of("prompt", "image"), "member-" + name, "10.0.0.7:7800")));
    }

    private HttpResponse<String> order(String id, String order) {
        return fixture.send(
                fixture.request("/api/nodes/" + id + "/" + order).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private NodeOrder orderOf(String id) {
        return nodes().nodes().stream()
                .filter(node -> Long.toString(node.incarnation()).equals(id))
                .findFirst()
                .orElseThrow()
                .order();
    }

    @Test
    void listsNodesWithWhatTheyAreAndHold() {
        String other = join("other");
        store.get().cluster().takeRole("reports", Long.parseLong(other));

        JsonNode all = fixture.getJson("/api/nodes").get("nodes");
        JsonNode one = fixture.getJson("/api/nodes/" + other);

        assertThat(all).hasSize(2);
        assertThat(one.get("id").textValue()).isEqualTo(other);
        assertThat(one.get("name").textValue()).isEqualTo("other");
        assertThat(one.get("version").textValue()).isEqualTo("1.2");
        assertThat(one.get("state").textValue()).isEqualTo("live");
        assertThat(one.get("order").textValue()).isEqualTo("work");
        assertThat(one.get("running").intValue()).isZero();
        assertThat(one.get("sinceBeatMs").decimalValue()).isNotNegative();
        assertThat(one.get("endedAt").isNull()).isTrue();
        assertThat(one.get("member").textValue()).isEqualTo("member-other");
        assertThat(one.get("address").textValue()).isEqualTo("10.0.0.7:7800");
        assertThat(one.get("capabilities")).hasToString("[\"image\",\"prompt\"]");
        assertThat(one.get("roles")).hasToString("[\"reports\"]");
        assertThat(fixture.getJson("/api/roles").get("roles"))
                .anySatisfy(role -> assertThat(role)
                        .hasToString("{\"name\":\"reports\",\"epoch\":1,\"holder\":\"" + other + "\"}"));
    }

    @Test
    void cordonsDrainsAndResumesANode() {
        String other = join("other");

        JsonNode cordoned = fixture.json(order(other, "cordon"));
        assertThat(cordoned.get("order").textValue()).isEqualTo("cordon");
        assertThat(cordoned.get("state").textValue()).isEqualTo("draining");
        assertThat(orderOf(other)).isEqualTo(NodeOrder.CORDON);
        assertThat(fixture.getJson("/api/nodes?state=draining").get("nodes")).hasSize(1);

        assertThat(order(other, "drain").statusCode()).isEqualTo(200);
        assertThat(orderOf(other)).isEqualTo(NodeOrder.DRAIN);

        assertThat(fixture.json(order(other, "resume")).get("state").textValue())
                .isEqualTo("live");
        assertThat(orderOf(other)).isEqualTo(NodeOrder.WORK);

        order(other, "cordon");
        assertThat(fixture.json(order(other, "uncordon")).get("order").textValue())
                .isEqualTo("work");
        assertThat(orderOf(other)).isEqualTo(NodeOrder.WORK);
    }

    @Test
    void refusesOrdersToNodesThatHaveEndedOrNeverWere() {
        String gone = join("gone");
        nodes().leave(Long.parseLong(gone));

        JsonNode error = fixture.json(order(gone, "drain"));

        assertThat(order(gone, "drain").statusCode()).isEqualTo(409);
        assertThat(error.get("code").textValue()).isEqualTo("wrong-state");
        assertThat(error.get("detail").textValue())
                .isEqualTo("node " + gone + " has ended, expected one that is alive");
        assertThat(fixture.getJson("/api/nodes/" + gone).get("state").textValue())
                .isEqualTo("left");
        for (String unknown : Set.of("9223372036854775807", "other", "-1")) {
            assertThat(order(unknown, "cordon").statusCode()).isEqualTo(404);
            assertThat(fixture.get("/api/nodes/" + unknown).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void refusesAnUnknownState() {
        HttpResponse<String> answer = fixture.get("/api/nodes?state=asleep");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(fixture.json(answer).at("/detail").textValue())
                .isEqualTo("state is 'asleep', expected one of live, draining, dead, left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/nodes", "/api/nodes/1", "/api/roles", "/api/cluster"})
    void needsTheToken(String path) {
        assertThat(fixture.send(fixture.anonymous(path)).statusCode()).isEqualTo(401);
        assertThat(fixture.send(fixture.anonymous("/api/nodes/1/drain").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void statesThatAServerOnItsOwnIsNotHighlyAvailable() {
        JsonNode answer = fixture.getJson("/api/cluster");

        assertThat(answer.get("highlyAvailable").booleanValue()).isFalse();
        assertThat(answer.at("/reasons/0/cause").textValue()).isEqualTo("no-cluster");
        assertThat(answer.get("split").booleanValue()).isFalse();
    }
}
