package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.spi.Store;
import dev.architect.store.postgres.PostgresStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nodes of a PostgreSQL store that a configuration file names, without one of them in this process. */
final class NodeCommandTest {

    private final PostgresDatabase database =
            PostgresServer.shared(PostgresServer.Version.V18).createDatabase();

    @TempDir
    private Path folder;

    private Store store;
    private long first;
    private long second;

    @BeforeEach
    void join() throws IOException {
        store = PostgresStore.builder(database.jdbcUrl())
                .user(database.user())
                .password(database.password())
                .open();
        first = store.nodes().join(new NodeInfo("node-1", "1.2", Set.of("prompt"), "", "10.0.0.1:7800"));
        second = store.nodes().join(NodeInfo.named("node-2"));
        Files.writeString(folder.resolve("db"), database.password());
        Files.writeString(folder.resolve("architect.yaml"), """
                store: {url: "%s", user: %s, passwordFile: db}
                """.formatted(database.jdbcUrl(), database.user()));
    }

    @AfterEach
    void drop() {
        store.close();
        database.close();
    }

    private GaiaRun node(String... arguments) {
        List<String> all = new ArrayList<>(List.of("node"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", folder.resolve("architect.yaml").toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    private NodeRecord record(long incarnation) {
        return store.nodes().nodes().stream()
                .filter(node -> node.incarnation() == incarnation)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void listsLivingNodesAndTheirRoles() throws IOException {
        store.cluster().takeRole("reports", second);
        store.nodes().leave(store.nodes().join("gone"));

        GaiaRun list = node("list");
        List<String> lines = list.out().lines().toList();

        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("Node +Incarnation +State +Order +Running +Slots +Beat +Version +Roles");
        assertThat(lines.get(1)).matches("node-1 +" + first + " +live +work +0 +0 +\\d\\.\\d s +1\\.2");
        assertThat(lines.get(2)).matches("node-2 +" + second + " +live +work +0 +0 +\\d\\.\\d s +reports");
        assertThat(node("list", "--all").out()).contains("gone").contains("left");
        JsonNode json = new ObjectMapper()
                .readTree(node("list", "--json").out().lines().findFirst().orElseThrow());
        assertThat(json.get("id").textValue()).isEqualTo(Long.toString(first));
        assertThat(json.get("address").textValue()).isEqualTo("10.0.0.1:7800");
    }

    @Test
    void showsANodeByNameOrNumber() {
        String byName = node("show", "node-1").out();

        assertThat(byName)
                .contains("incarnation  " + first)
                .contains("performs     prompt")
                .contains("address      10.0.0.1:7800");
        assertThat(node("show", Long.toString(second)).out()).contains("name         node-2");
    }

    @Test
    void cordonsDrainsAndResumesANodeOfAnotherProcess() {
        assertThat(node("cordon", "node-1").out())
                .isEqualToIgnoringNewLines("node-1 (" + first + ") claims nothing more");
        assertThat(record(first).order()).isEqualTo(NodeOrder.CORDON);

        assertThat(node("drain", Long.toString(first)).exitCode()).isZero();
        assertThat(record(first).order()).isEqualTo(NodeOrder.DRAIN);

        assertThat(node("resume", "node-1").out())
                .isEqualToIgnoringNewLines("node-1 (" + first + ") claims tasks again");
        assertThat(record(first).order()).isEqualTo(NodeOrder.WORK);
        assertThat(record(second).order()).isEqualTo(NodeOrder.WORK);
    }

    @Test
    void namesWhatIsWrong() {
        long again = store.nodes().join("node-1");
        store.nodes().leave(store.nodes().join("gone"));

        assertThat(node("drain", "nod-2").errLines())
                .containsExactly("gaia: node 'nod-2' does not exist, did you mean 'node-2'?");
        assertThat(node("drain", "node-1").errLines())
                .containsExactly("gaia: node 'node-1' is the name of several incarnations, expected one of " + first
                        + ", " + again);
        assertThat(node("drain", "gone").errLines())
                .containsExactly("gaia: node 'gone' has ended, expected one that is alive");
        assertThat(node("show", "nobody").errLines())
                .singleElement()
                .asString()
                .startsWith("gaia: node 'nobody' does not exist, expected one of gone, node-1, node-2");
        assertThat(GaiaRun.gaia("node").exitCode()).isEqualTo(2);
        assertThat(record(first).order()).isEqualTo(NodeOrder.WORK);
    }

    /** Looking at a database by mistake must not leave tables in it. */
    @Test
    void makesNoTables() throws IOException {
        try (PostgresDatabase empty =
                PostgresServer.shared(PostgresServer.Version.V18).createDatabase()) {
            Files.writeString(folder.resolve("architect.yaml"), """
                    store: {url: "%s", user: %s, passwordFile: db}
                    """.formatted(empty.jdbcUrl(), empty.user()));

            GaiaRun list = node("list");

            assertThat(list.exitCode()).isEqualTo(1);
            assertThat(empty.count("select count(*) from information_schema.tables where table_schema = 'public'"))
                    .isZero();
        }
    }
}
