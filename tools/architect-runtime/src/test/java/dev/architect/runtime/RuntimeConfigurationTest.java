package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.Money;
import dev.architect.factory.FactoryOptions;
import dev.architect.provider.openai.OpenAiProviderFactory;
import dev.architect.task.PoolLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeConfigurationTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("architect.yaml"), text);
    }

    private List<String> problems(String text) throws IOException {
        Path file = file(text);
        return catchThrowableOfType(ConfigurationException.class, () -> RuntimeConfiguration.load(file))
                .problems()
                .stream()
                .map(problem -> problem.replace(file.toString(), "FILE"))
                .toList();
    }

    @Test
    void readsPoolsOfOtherKinds() throws Exception {
        assertThat(RuntimeConfiguration.load(file("pools: {browser: {minSessions: 1, maxSessions: 4}, terminal: {}}"))
                        .pools())
                .isEqualTo(Map.of("browser", new PoolLimits(1, 4, 1), "terminal", new PoolLimits(2, 10, 1)));
        assertThatThrownBy(() -> RuntimeConfiguration.load(file("pools: {llm: {}, Browser: {}}")))
                .hasMessageContaining("pools.llm is the pool that 'pool' is about")
                .hasMessageContaining("pools.Browser is not a kind of session");
    }

    @Test
    void readsEveryField() throws IOException {
        RuntimeConfiguration configuration = RuntimeConfiguration.load(file("""
                nodeName: build-1
                data: .architect
                policy: policies/routing.yaml
                pool: {minSessions: 3, maxSessions: 9, slotsPerSession: 64}
                providers:
                  claude: {}
                  openai-eu:
                    adapter: openai
                    keySecret: OPENAI_KEY_EU
                    baseUrl: https://eu.api.openai.com/v1
                    options: {api: responses}
                  acme:
                    options: {tenant: blue}
                """));

        assertThat(configuration.nodeName()).contains("build-1");
        assertThat(configuration.dataDirectory()).contains(folder.resolve(".architect"));
        assertThat(configuration.policyFile()).contains(folder.resolve("policies/routing.yaml"));
        assertThat(configuration.pool()).contains(new PoolLimits(3, 9, 64));
        assertThat(configuration.providers().orElseThrow())
                .containsExactly(
                        ProviderConfiguration.of("claude"),
                        new ProviderConfiguration(
                                "openai-eu",
                                "openai",
                                Optional.of(URI.create("https://eu.api.openai.com/v1")),
                                Optional.of("OPENAI_KEY_EU"),
                                Map.of("api", "responses")),
                        new ProviderConfiguration(
                                "acme", "acme", Optional.empty(), Optional.empty(), Map.of("tenant", "blue")));
    }

    @Test
    void readsBudgets() throws IOException {
        assertThat(RuntimeConfiguration.load(file("""
                budgets:
                  month: {limitUsd: 250, period: month}
                  search: {limitUsd: 25.500000000001, period: day, scope: "tag:team=search", mode: soft}
                """)).budgets())
                .containsExactly(
                        new Budget("month", BudgetScope.ALL, BudgetPeriod.MONTH, Money.ofUsd("250"), BudgetMode.HARD),
                        new Budget(
                                "search",
                                BudgetScope.tag("team", "search"),
                                BudgetPeriod.DAY,
                                Money.ofUsd("25.500000000001"),
                                BudgetMode.SOFT));
        assertThat(RuntimeConfiguration.empty().budgets()).isEmpty();
    }

    @Test
    void everyMistakeInABudgetHasItsLineAndField() throws IOException {
        assertThat(problems("""
                budgets:
                  Month: {limitUsd: 1, period: month}
                  a: {period: week, mode: strict}
                  b: {limitUsd: -1, period: day, scope: "team:x"}
                  c: {limitUsd: 0, period: day}
                  d: {limitUsd: 0.0000000000001, period: day}
                  e: {limitUsd: 10000000, period: day, limit: 3}
                  f: {limitUsd: 1}
                """))
                .containsExactly(
                        "FILE:2:3: budgets.Month is not a name, expected 1 to 64 lower-case letters, digits, dots, dashes and"
                                + " underscores",
                        "FILE:3:6: budgets.a.limitUsd is missing, expected an amount in dollars",
                        "FILE:3:15: budgets.a.period is 'week', expected one of hour, day, month, total",
                        "FILE:3:27: budgets.a.mode is 'strict', expected one of hard, soft",
                        "FILE:4:17: budgets.b.limitUsd is -1, expected a number of zero or more",
                        "FILE:4:41: budgets.b.scope is 'team:x', expected all, or one of provider, model, project, user, tag"
                                + " and task with a colon and a value",
                        "FILE:5:17: budgets.c.limitUsd is 0, expected more than 0",
                        "FILE:6:17: budgets.d.limitUsd does not fit, expected up to 9.2 million dollars with at most 12"
                                + " decimal places",
                        "FILE:7:17: budgets.e.limitUsd does not fit, expected up to 9.2 million dollars with at most 12"
                                + " decimal places",
                        "FILE:7:40: budgets.e.limit is not a known field, did you mean 'limitUsd'?",
                        "FILE:8:6: budgets.f.period is missing, expected one of hour, day, month, total");
    }

    @Test
    void readsHowAServerIsReached() throws IOException {
        ServerSettings server = RuntimeConfiguration.load(file("""
                server:
                  address: 0.0.0.0
                  origins: ["https://Gaia.example.com", "https://gaia.example.org:8443/"]
                  trustedProxies: [10.0.0.0/8, "fd00::1"]
                  plainHttp: true
                  stopTimeout: 90s
                  approvals: rules/approvals.json
                """)).server().orElseThrow();

        assertThat(server.address()).contains("0.0.0.0");
        assertThat(server.origins())
                .extracting(PublicOrigin::toString)
                .containsExactly("https://gaia.example.com", "https://gaia.example.org:8443");
        assertThat(server.trustedProxies())
                .containsExactly(AddressRange.parse("10.255.0.1/8"), AddressRange.parse("fd00:0::1"));
        assertThat(server.plainHttp()).isTrue();
        assertThat(server.stopTimeout()).contains(Duration.ofSeconds(90));
        assertThat(server.approvals().orElseThrow()).isAbsolute().endsWithRaw(Path.of("rules/approvals.json"));
        ServerSettings over = new ServerSettings(
                Optional.of("127.0.0.1"), List.of(), List.of(), false, Optional.of(Duration.ZERO), Optional.empty());
        assertThat(server.overriddenBy(over).address()).contains("127.0.0.1");
        assertThat(server.overriddenBy(over).origins()).hasSize(2);
        assertThat(server.overriddenBy(over).stopTimeout()).contains(Duration.ZERO);
        assertThat(RuntimeConfiguration.load(file("nodeName: x\n")).server()).isEmpty();
    }

    @Test
    void reportsEveryMistakeInHowAServerIsReached() throws IOException {
        Path file = file("""
                server:
                  address: localhost
                  origins: [gaia.example.com, "https://a.example/path"]
                  trustedProxies: 10.0.0.0/8
                  stopTimeout: 1e9s
                  orgins: []
                """);

        assertThatThrownBy(() -> RuntimeConfiguration.load(file))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        wrong -> assertThat(wrong.problems())
                                .hasSize(6)
                                .allMatch(line -> line.startsWith(file + ":"))
                                .anyMatch(
                                        line -> line.endsWith(
                                                "server.origins[0] is 'gaia.example.com', expected an origin such as https://gaia.example.com"))
                                .anyMatch(
                                        line -> line.contains("server.trustedProxies is '10.0.0.0/8', expected a list"))
                                .anyMatch(line ->
                                        line.contains("server.orgins is not a known field, did you mean 'origins'?")));
    }

    @Test
    void whatIsAbsentHasItsDefault() throws IOException {
        assertThat(RuntimeConfiguration.load(file("nodeName: x\n")).providers()).isEmpty();
        assertThat(RuntimeConfiguration.load(file("pool: {maxSessions: 1}\n")).pool())
                .contains(new PoolLimits(1, 1, 128));
    }

    @Test
    void reportsEveryMistakeWithItsLine() throws IOException {
        assertThat(problems("""
                nodName: x
                pool: {minSessions: 5, maxSessions: 4, slots: 1}
                providers:
                  claud: {}
                  Acme: {adapter: acme}
                  other: {adapter: opnai}
                  openai:
                    api: responses
                    baseUrl: localhost
                    options: {appi: responses}
                  gemini:
                    options: {tenant: blue}
                  acme:
                    options: {tenant: red}
                """))
                .containsExactly(
                        "FILE:1:1: nodName is not a known field, did you mean 'nodeName'?",
                        "FILE:2:21: pool.minSessions is 5, expected 1..4",
                        "FILE:2:40: pool.slots is not a known field, did you mean 'slotsPerSession'?",
                        "FILE:4:3: providers.claud is no adapter, did you mean 'claude'?",
                        "FILE:5:3: providers.Acme is not a name,"
                                + " expected 1..64 lower-case letters, digits and dashes, a letter first",
                        "FILE:6:20: providers.other.adapter is 'opnai', did you mean 'openai'?",
                        "FILE:8:5: providers.openai.api is not a known field,"
                                + " expected one of adapter, baseUrl, keySecret, options",
                        "FILE:9:14: providers.openai.baseUrl is 'localhost',"
                                + " expected an address such as http://localhost:1234",
                        "FILE:10:15: providers.openai.options.appi is not a known field, did you mean 'api'?",
                        "FILE:12:15: providers.gemini.options.tenant is not a known field, expected none",
                        "FILE:13:3: providers.acme is refused:"
                                + " option tenant of provider acme is 'red', expected another colour");
    }

    @Test
    void aKeyInPlaceOfTheNameOfOneIsRefusedWithoutRepeatingIt() throws IOException {
        assertThat(problems("""
                providers:
                  openai: {keySecret: sk-5Ecr3t}
                  claude: {key: sk-5Ecr3t}
                  gemini: {baseUrl: "https://user:5Ecr3t@localhost"}
                """))
                .hasSize(3)
                .noneMatch(problem -> problem.contains("5Ecr3t"))
                .first()
                .isEqualTo("FILE:2:23: providers.openai.keySecret is not the name of a secret,"
                        + " expected 1..64 upper-case letters, digits and underscores, never a key");
        assertThatThrownBy(() -> new ProviderConfiguration(
                        "openai", "openai", Optional.empty(), Optional.of("sk-5Ecr3t"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("5Ecr3t");
    }

    @Test
    void knowsTheAdaptersThatItIsGiven() throws IOException {
        Path file = file("providers: {claude: {}}\n");

        assertThatThrownBy(() -> RuntimeConfiguration.load(file, List.of(new OpenAiProviderFactory())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ":1:13: providers.claude is no adapter,"
                        + " expected one of openai, or its jar on the class path");
    }

    @Test
    void aMissingFileIsAProblem() {
        Path missing = folder.resolve("none.yaml");

        assertThatThrownBy(() -> RuntimeConfiguration.load(missing))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(missing + " does not exist, expected a file");
    }

    @Test
    void readsWhereEverythingIsKept() throws IOException {
        StoreConfiguration store = RuntimeConfiguration.load(file("""
                store:
                  url: jdbc:postgresql://db:5432/architect?sslmode=verify-full
                  user: architect
                  passwordFile: secrets/db
                  schema: jobs
                  listenUrl: jdbc:postgresql://db-direct:5432/architect
                  connections: 20
                  migrate: false
                """)).store().orElseThrow();

        assertThat(store.settings().url()).isEqualTo("jdbc:postgresql://db:5432/architect?sslmode=verify-full");
        assertThat(store.settings().user()).contains("architect");
        assertThat(store.passwordFile()).contains(folder.resolve("secrets/db"));
        assertThat(store.passwordSecret()).isEmpty();
        assertThat(store.settings().options().values())
                .isEqualTo(Map.of(
                        "schema",
                        "jobs",
                        "listenUrl",
                        "jdbc:postgresql://db-direct:5432/architect",
                        "connections",
                        "20",
                        "migrate",
                        "false"));
        assertThat(RuntimeConfiguration.load(file("nodeName: x\n")).store()).isEmpty();
    }

    @Test
    void reportsEveryMistakeInWhereEverythingIsKept() throws IOException {
        assertThat(problems("""
                store:
                  url: jdbc:postgresql://db/architect
                  pasword: x
                  passwordSecret: s3cret!
                  schema: " "
                  listenUrl: jdbc:mysql://db/architect
                  connections: 4
                  migrate: perhaps
                """))
                .containsExactlyInAnyOrder(
                        "FILE:3:3: store.pasword is not a known field, expected one of url, user, passwordSecret,"
                                + " passwordFile, connections, listenUrl, migrate, schema",
                        "FILE:4:19: store.passwordSecret is not the name of a secret,"
                                + " expected 1..64 upper-case letters, digits and underscores, never a password",
                        "FILE:5:11: store.schema is ' ', expected text",
                        "FILE:6:14: store.listenUrl is no JDBC URL of PostgreSQL,"
                                + " expected jdbc:postgresql://host:port/database",
                        "FILE:7:16: store.connections is '4', expected 5..500",
                        "FILE:8:12: store.migrate is 'perhaps', expected true or false");
        assertThat(problems("""
                store: {user: architect, passwordSecret: DB, passwordFile: db}
                """))
                .containsExactly(
                        "FILE:1:8: store.url is missing, expected the address of a database",
                        "FILE:1:60: store.passwordFile is given beside passwordSecret, expected one of them");
    }

    @Test
    void anAddressOfAnUnknownStoreIsRefusedWithoutRepeatingIt() throws IOException {
        assertThat(problems("""
                store: {url: "jdbc:mysql://db/architect?password=5Ecr3t", connections: 10}
                """))
                .containsExactly(
                        "FILE:1:14: store.url is no address of a store,"
                                + " expected one that begins with jdbc:postgresql:, or the jar of its adapter on the class path");
        assertThat(problems("""
                store: {url: "jdbc:postgresql://db:port/x?password=5Ecr3t"}
                """))
                .singleElement()
                .asString()
                .startsWith("FILE:1:14: store.url is no JDBC URL of PostgreSQL")
                .doesNotContain("5Ecr3t");
    }

    @Test
    void readsHowNodesHearOfEachOther() throws IOException {
        assertThat(RuntimeConfiguration.load(file("cluster: {}\n")).cluster())
                .contains(new ClusterConfiguration(ClusterConfiguration.STORE, FactoryOptions.NONE));
        assertThat(RuntimeConfiguration.load(file("cluster: {transport: none}\n"))
                        .cluster())
                .contains(new ClusterConfiguration(ClusterConfiguration.NONE, FactoryOptions.NONE));
        assertThat(RuntimeConfiguration.load(file("""
                cluster: {transport: pigeon, bindAddress: 127.0.0.1, port: 7800, keyStore: keys.p12}
                """)).cluster())
                .contains(new ClusterConfiguration(
                        "pigeon",
                        new FactoryOptions(Map.of(
                                "bindAddress",
                                "127.0.0.1",
                                "port",
                                "7800",
                                "keyStore",
                                folder.resolve("keys.p12").toString()))));
    }

    @Test
    void reportsEveryMistakeInHowNodesHearOfEachOther() throws IOException {
        assertThat(problems("cluster: {transport: pigoen}\n"))
                .containsExactly("FILE:1:22: cluster.transport is 'pigoen', did you mean 'pigeon'?");
        assertThat(problems("cluster: {transport: store, port: 7800}\n"))
                .containsExactly("FILE:1:29: cluster.port is not a known field, expected one of transport");
        assertThat(problems("""
                cluster:
                  transport: pigeon
                  bindAddress: 10.0.0.1
                  port: 70000
                  wings: 2
                """))
                .containsExactly(
                        "FILE:3:16: cluster.bindAddress is '10.0.0.1', expected keyStore with it",
                        "FILE:4:9: cluster.port is '70000', expected 0..65535",
                        "FILE:5:3: cluster.wings is not a known field,"
                                + " expected one of transport, bindAddress, keyStore, port");
        // An address that needs keys is right with them.
        assertThat(RuntimeConfiguration.load(file("cluster: {transport: pigeon, bindAddress: 10.0.0.1, keyStore: k}\n"))
                        .cluster())
                .isPresent();
    }

    @Test
    void aNodeOfAClusterHasTheNameOfItsMachine() throws IOException {
        assertThat(RuntimeConfiguration.load(file("cluster: {}\n")).nodeNameOr("usual"))
                .isEqualTo(InetAddress.getLocalHost().getHostName());
        assertThat(RuntimeConfiguration.load(file("data: x\n")).nodeNameOr("usual"))
                .isEqualTo("usual");
        assertThat(RuntimeConfiguration.load(file("nodeName: a\ncluster: {}\n")).nodeNameOr("usual"))
                .isEqualTo("a");
        assertThat(problems("nodeName: " + "x".repeat(201) + "\n"))
                .singleElement()
                .asString()
                .endsWith("expected 1..200 characters");
    }
}
