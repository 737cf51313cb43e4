package dev.architect.planner.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.planner.approval.path.LinkReader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CanonicalActionTest {

    private static final Action ACTION = new Action.Exec(List.of("sh", "build.sh", "logs/x"));

    @Test
    void equalCircumstancesHaveEqualHashes() {
        assertThat(of(ACTION, context("/srv/app", Map.of("A", "1", "B", "2"), Map.of()), Map.of("build.sh", "ab")))
                .isEqualTo(
                        of(ACTION, context("/srv/app", Map.of("B", "2", "A", "1"), Map.of()), Map.of("build.sh", "ab")))
                .satisfies(one -> assertThat(one.sha256()).matches("[0-9a-f]{64}"));
    }

    @Test
    void everyChangeBetweenApprovalAndUseChangesTheHash() {
        Context plain = context("/srv/app", Map.of(), Map.of());
        List<CanonicalAction> all = List.of(
                of(ACTION, plain, Map.of("build.sh", "ab")),
                of(ACTION, plain, Map.of("build.sh", "cd")),
                of(ACTION, plain, Map.of()),
                of(new Action.Exec(List.of("sh", "build.sh", "logs/y")), plain, Map.of("build.sh", "ab")),
                of(new Action.Exec(List.of("sh", "build.sh logs/x")), plain, Map.of("build.sh", "ab")),
                of(new Action.Exec(List.of("sh", "build.sh", "logs/x", "")), plain, Map.of("build.sh", "ab")),
                of(new Action.Shell("sh build.sh logs/x"), plain, Map.of("build.sh", "ab")),
                of(ACTION, context("/srv/app/src", Map.of(), Map.of()), Map.of("build.sh", "ab")),
                of(ACTION, context("/srv/app", Map.of("A", "1"), Map.of()), Map.of("build.sh", "ab")),
                of(ACTION, context("/srv/app", Map.of("A", "2"), Map.of()), Map.of("build.sh", "ab")),
                of(ACTION, context("/srv/app", Map.of(), Map.of("/srv/app/logs", "/tmp")), Map.of("build.sh", "ab")),
                of(ACTION, context("/srv/app", Map.of(), Map.of("/srv/app", "/data")), Map.of("build.sh", "ab")),
                of(new Action.Read("a"), plain, Map.of()),
                of(new Action.Edit("a"), plain, Map.of()),
                of(new Action.Fetch("https://a.example/", "GET"), plain, Map.of()),
                of(new Action.Fetch("https://a.example/", "POST"), plain, Map.of()),
                of(new Action.Tool("t", Map.of("a", "1")), plain, Map.of()),
                of(new Action.Tool("t", Map.of("a", "2")), plain, Map.of()));

        Set<String> hashes = new HashSet<>();
        all.forEach(one -> hashes.add(one.sha256()));

        assertThat(hashes).hasSameSizeAs(all);
    }

    private static CanonicalAction of(Action action, Context context, Map<String, String> contents) {
        return CanonicalAction.of(action, context, contents);
    }

    private static Context context(String folder, Map<String, String> environment, Map<String, String> links) {
        return Context.builder(folder, ApprovalFixture.TIME)
                .environment(environment)
                .links(LinkReader.of(links))
                .build();
    }
}
