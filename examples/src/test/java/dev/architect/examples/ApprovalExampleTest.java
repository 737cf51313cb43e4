package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.ApprovalPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/how-to/approve-work.md} to the code. */
final class ApprovalExampleTest {

    @Test
    void theCommandOfThePageIsAllowed() {
        assertThat(ApprovalExample.decide().isAllowed()).isTrue();
        assertThat(ApprovalExample.decide().rules()).contains("git-log", "head");
    }

    @Test
    void thePolicyOfThePageIsOne() throws IOException {
        String page = Files.readString(Path.of("../docs/how-to/approve-work.md"));
        int from = page.indexOf("```\n{") + "```\n".length();

        ApprovalPolicy policy = ApprovalPolicy.parse("page", page.substring(from, page.indexOf("```", from)));

        assertThat(policy.rules()).hasSize(6);
    }
}
