package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.router.learned.AnswerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RouteCommandTest {

    @TempDir
    private Path folder;

    @Test
    void trainsAndEvaluates() throws IOException {
        Path outcomes = outcomes(300);
        Path model = folder.resolve("routing.model");

        GaiaRun trained = GaiaRun.gaia("route", "train", outcomes.toString(), "--to", model.toString());
        byte[] first = Files.readAllBytes(model);
        GaiaRun.gaia("route", "train", outcomes.toString(), "--to", model.toString());
        GaiaRun judged = GaiaRun.gaia("route", "evaluate", outcomes.toString(), "--model", model.toString());

        assertThat(trained.err()).isEmpty();
        assertThat(trained.out()).contains("trained on 300 outcomes").contains("95 % of the strong model's quality: ");
        assertThat(Files.readAllBytes(model)).isEqualTo(first);
        assertThat(judged.err()).isEmpty();
        assertThat(judged.out())
                .contains("300 outcomes: strong ")
                .contains("length   APGR ")
                .contains("learned  APGR ")
                .contains("learned less length [");
    }

    @Test
    void trainsAModelOfAnswersAndShowsTheExpectedSaving() throws IOException {
        Random random = new Random(6);
        StringBuilder text = new StringBuilder("prompt,strong,weak,answer\n");
        for (int row = 0; row < 300; row++) {
            int one = random.nextInt(100);
            boolean isRight = random.nextInt(3) > 0;
            int sum = one + 7 + (isRight ? 0 : 1);
            text.append("Ann has " + one + " pens and buys 7. How many?,True," + (isRight ? "True" : "False") + ','
                    + one + " + 7 = " + sum + " #### " + sum + '\n');
        }
        Path outcomes = Files.writeString(folder.resolve("answers.csv"), text);
        Path model = folder.resolve("answers.model");

        GaiaRun trained = GaiaRun.gaia(
                "route", "train", outcomes.toString(), "--answers", "--weak-price", "0.05", "--to", model.toString());
        GaiaRun wrong =
                GaiaRun.gaia("route", "train", outcomes.toString(), "--weak-price", "5", "--to", model.toString());

        assertThat(trained.err()).isEmpty();
        assertThat(trained.out())
                .containsPattern(
                        "95 % of the strong model's quality: \\d+ % of the prompts to it, expected saving \\d+");
        assertThat(AnswerModel.load(model).rows()).isEqualTo(300);
        assertThat(wrong.errLines()).containsExactly("gaia: --weak-price is 5.0, expected 0 to 1");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path few = outcomes(20);
        Path to = folder.resolve("m");

        GaiaRun tooFew = GaiaRun.gaia("route", "train", few.toString(), "--to", to.toString());
        Path model = Files.writeString(to, "this is not a model file");
        GaiaRun damaged = GaiaRun.gaia("route", "evaluate", few.toString(), "--model", model.toString());

        assertThat(tooFew.exitCode()).isEqualTo(1);
        assertThat(tooFew.errLines()).containsExactly("gaia: rows is 20, expected at least 200");
        assertThat(damaged.errLines())
                .containsExactly("gaia: model file is of another kind, expected one that begins with GAIAROUT");
        assertThat(GaiaRun.gaia("route").errLines()).first().asString().contains("expected one of train, evaluate");
    }

    private Path outcomes(int rows) throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("prompt,strong,weak\n");
        for (int row = 0; row < rows; row++) {
            boolean isHard = random.nextBoolean();
            text.append("Ann has ")
                    .append(random.nextInt(100))
                    .append(isHard ? " pens and loses half of each" : " pens and buys more")
                    .append(". How many are there?,True,")
                    .append(isHard ? "False" : "True")
                    .append('\n');
        }
        return Files.writeString(folder.resolve("outcomes.csv"), text);
    }
}
