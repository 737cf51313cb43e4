package dev.architect.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.simulator.script.Outage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The vendors' own clients for Node, with only base URL and key changed. Needs node and npm, which installs them. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class NpmClientsTest {

    @TempDir
    private Path folder;

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    private List<String> node(GatewayServer server, String phase, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "clients.mjs", phase, server.url(), GatewayServer.KEY));
        command.addAll(Arrays.asList(more));
        return run(command.toArray(String[]::new));
    }

    @Test
    void bothCompleteEveryFlowAndRaiseEveryErrorClass() throws Exception {
        assumeTrue(isThere("node") && isThere("npm"), "node and npm are not on the PATH");
        try (InputStream script = NpmClientsTest.class.getResourceAsStream("/npm/clients.mjs")) {
            Files.write(folder.resolve("clients.mjs"), script.readAllBytes());
        }
        run("npm", "install", "--no-audit", "--no-fund", "--silent", "openai@6.49.0", "@anthropic-ai/sdk@1.14.0");

        try (GatewayServer server = new GatewayServer()) {
            assertThat(node(server, "flows"))
                    .containsExactly(
                            "openai chat: true",
                            "openai stream: true",
                            "openai tools: true",
                            "openai response: true",
                            "openai response stream: true",
                            "openai count: true",
                            "openai models: true",
                            "anthropic message: true",
                            "anthropic stream: true",
                            "anthropic tools: true",
                            "anthropic count: true",
                            "anthropic models: true");
            assertThat(node(server, "errors"))
                    .containsExactly(
                            "openai key: AuthenticationError 401",
                            "openai model: NotFoundError 404",
                            "openai field: BadRequestError 400",
                            "openai gone: APIConnectionError none",
                            "anthropic key: AuthenticationError 401",
                            "anthropic model: NotFoundError 404",
                            "anthropic field: BadRequestError 400",
                            "anthropic gone: APIConnectionError none");

            server.outage(Outage.CUT);
            assertThat(node(server, "cut"))
                    .containsExactly("openai cut: APIError none", "anthropic cut: APIError none");
            assertThat(server.ledger()).extracting(LedgerEntry::outcome).contains(CallOutcome.FAILED);
            server.outage(Outage.HTTP_503);
            for (String down : List.of("openai down: InternalServerError 503", "anthropic down: OverloadedError 529")) {
                server.proxy.takeRequests();
                assertThat(node(server, "down", down.substring(0, down.indexOf(' '))))
                        .containsExactly(down);
                assertThat(server.proxy.takeRequests()).as(down).isEqualTo(1);
            }
        }
        try (GatewayServer server = new GatewayServer()) {
            server.architect
                    .budgets()
                    .set(new Budget(
                            "tiny", BudgetScope.ALL, BudgetPeriod.DAY, Money.ofUsd("0.000000001"), BudgetMode.HARD));
            assertThat(node(server, "budget"))
                    .containsExactly("openai budget: RateLimitError 429", "anthropic budget: PaymentRequiredError 402");
        }
    }
}
