package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia setting}, beside a server that goes by it. */
final class SettingCommandTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsSetHoldsOnTheServerUntilItIsTakenBack() throws Exception {
        try (ServedData served = ServedData.in(folder)) {
            assertThat(served.gaia("setting", "get", "retentionDone").err()).contains("retentionDone is not set");
            assertThat(served.gaia("setting", "list").out())
                    .contains("retentionDone", "as configured", "7d", "how long a task with a result is kept");

            assertThat(served.gaia("setting", "set", "retentionDone", "3d").out())
                    .contains("setting retentionDone is 3d on all nodes");

            assertThat(served.get("/api/settings").get("retentionDone").textValue())
                    .isEqualTo("3d");
            assertThat(served.get("/api/settings/effective").toString())
                    .contains("\"name\":\"retentionDone\"", "\"value\":\"3d\",\"source\":\"stored\"");
            GaiaRun got = served.gaia("setting", "get", "retentionDone");
            assertThat(got.out()).isEqualTo("3d\n");
            assertThat(got.err()).isEmpty();
            served.gaia("setting", "set", "reviewOnOverdue", "deny");
            assertThat(served.gaia("setting", "list", "--json").out())
                    .contains("{\"name\":\"retentionDone\",", "\"value\":\"3d\",\"standard\":\"7d\"}")
                    .contains("\"value\":\"deny\",\"standard\":\"stay\"}")
                    .contains("\"value\":null");

            assertThat(served.gaia("setting", "unset", "retentionDone").out())
                    .contains("setting retentionDone is as configured again");

            assertThat(served.get("/api/settings").get("retentionDone").isNull())
                    .isTrue();
            assertThat(served.get("/api/settings").get("reviewOnOverdue").textValue())
                    .isEqualTo("deny");
        }
    }

    @Test
    void refusesWhatIsWrong() throws Exception {
        ServedData.in(folder).close();

        GaiaRun unknown = ServedData.gaia(folder, "setting", "set", "retentionDon", "3d");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.errLines()).containsExactly("gaia: setting is 'retentionDon', expected 'retentionDone'");
        assertThat(ServedData.gaia(folder, "setting", "get", "colour").err())
                .contains("setting is 'colour', expected one of retentionDone, retentionCancelled");
        assertThat(ServedData.gaia(folder, "setting", "set", "outageLimit", "soon")
                        .err())
                .contains("outageLimit is 'soon', expected");
        GaiaRun unset = ServedData.gaia(folder, "setting", "unset", "outageLimit");
        assertThat(unset.exitCode()).isEqualTo(1);
        assertThat(unset.err()).contains("setting outageLimit is not set, expected one that is");
        assertThat(GaiaRun.gaia("setting").exitCode()).isEqualTo(2);
        assertThat(GaiaRun.gaia("setting").err())
                .contains("what to do is missing, expected one of list, get, set, unset");
        assertThat(ServedData.gaia(folder.resolve("none"), "setting", "list").exitCode())
                .isEqualTo(1);
    }
}
