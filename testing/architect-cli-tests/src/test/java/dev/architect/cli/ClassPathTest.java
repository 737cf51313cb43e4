package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gaia} can do with fewer jars, and with more. */
final class ClassPathTest {

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private static final Predicate<String> IS_OF_THE_SERVER = Pattern.compile(
                    "/(javalin|jetty-|jakarta|prometheus-|micrometer-registry-|architect-server-example|architect-postgres-server)")
            .asPredicate();

    @TempDir
    private Path folder;

    private static String withoutServer() {
        return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(IS_OF_THE_SERVER.negate())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void answersAPromptWithoutTheJarsOfTheServer() throws Exception {
        assertThat(CLASS_PATH.split(File.pathSeparator)).anyMatch(IS_OF_THE_SERVER);
        try (GaiaProcess gaia =
                GaiaProcess.startOn(withoutServer(), folder, "-p", "Say hello", "--simulate", "--quiet")) {
            assertThat(gaia.awaitExit()).as(gaia.seen().toString()).isZero();
        }
        try (GaiaProcess help = GaiaProcess.startOn(withoutServer(), folder, "help", "serve")) {
            assertThat(help.awaitExit()).isZero();
        }
    }

    @Test
    void aServerWithoutItsJarsIsOneLine() throws Exception {
        for (String command : new String[] {"serve --simulate", "demo --tasks 1 --exit"}) {
            try (GaiaProcess gaia =
                    GaiaProcess.startOn(withoutServer(), folder, (command + " --port 0 --data data").split(" "))) {
                assertThat(gaia.awaitExit()).isEqualTo(1);
                assertThat(gaia.seen())
                        .containsExactly("gaia: the server is not on the class path,"
                                + " expected the jars of the folder server beside lib");
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDemoOfAClusterWithoutItsDatabaseIsRefusedAndLeavesNothing() throws Exception {
        try (GaiaProcess gaia = GaiaProcess.startOn(withoutServer(), folder, "cluster", "demo", "--exit")) {
            assertThat(gaia.awaitExit()).isEqualTo(1);
            assertThat(gaia.seen())
                    .last()
                    .isEqualTo("gaia: PostgreSQL is not on the class path,"
                            + " expected the jars of the folder server beside lib");
            String first = gaia.seen().get(0);
            assertThat(Path.of(first.substring(first.indexOf('/')))).doesNotExist();
        }
    }

    @Test
    void answersThroughAProviderOfAThirdPartysJar() throws Exception {
        Path jar = ThirdPartyJar.build(folder);
        Path configuration = ThirdPartyJar.configuration(folder);
        String withJar = withoutServer() + File.pathSeparator + jar;

        try (GaiaProcess gaia = GaiaProcess.startOn(
                withJar, folder, "-p", "who are you?", "--quiet", "--config", configuration.toString())) {
            assertThat(gaia.awaitExit()).as(gaia.seen().toString()).isZero();
            assertThat(gaia.seen()).last().isEqualTo("Good morning, who are you?");
        }
        try (GaiaProcess without = GaiaProcess.startOn(
                withoutServer(), folder, "-p", "who are you?", "--config", configuration.toString())) {
            assertThat(without.awaitExit()).isEqualTo(1);
            assertThat(without.seen()).singleElement().asString().contains("providers.echo is no adapter");
        }
    }
}
