package dev.architect.planner.approval;

import dev.architect.planner.approval.sample.ApprovalCase;
import dev.architect.planner.approval.sample.ApprovalCaseReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The recorded policy and cases. */
final class ApprovalFixture {

    static final Instant TIME = Instant.parse("2026-11-29T12:00:00Z");

    private ApprovalFixture() {}

    static ApprovalPolicy policy() {
        return policy("policy.json");
    }

    static ApprovalPolicy policy(String file) {
        return ApprovalPolicy.parse(file, text(file));
    }

    static Context context() {
        return Context.builder("/srv/app", TIME).build();
    }

    static List<ApprovalCase> cases(String file) {
        return cases(file, policy());
    }

    static List<ApprovalCase> cases(String file, ApprovalPolicy policy) {
        ApprovalCaseReader reader = new ApprovalCaseReader(policy, TIME);
        return text(file)
                .lines()
                .map(reader::readIfAny)
                .flatMap(Optional::stream)
                .toList();
    }

    static String text(String file) {
        try (InputStream stream =
                Objects.requireNonNull(ApprovalFixture.class.getResourceAsStream("/approvals/" + file), file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
