package dev.architect.router.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.architect.router.learned.TrainingRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Several numbers at once, by trees and by words, and what a damaged file may hold. */
class VectorTreesTest {

    private static final int ROWS = 400;

    private final float[][] features = new float[ROWS][3];
    private final double[][] targets = new double[ROWS][];
    private final int[] classes = new int[ROWS];
    private final int[][] words = new int[ROWS][];

    VectorTreesTest() {
        TrainingRandom random = new TrainingRandom(1);
        for (int row = 0; row < ROWS; row++) {
            for (int feature = 0; feature < 3; feature++) {
                features[row][feature] = random.below(100);
            }
            classes[row] = features[row][1] < 50 ? 0 : 1;
            targets[row] = new double[] {classes[row], features[row][2] < 30 ? -1 : 1};
            words[row] = new int[] {7 + classes[row], 100 + random.below(50)};
        }
    }

    private VectorTrees trees() {
        return VectorForestTrainer.train(
                new BinnedRows(features),
                VectorForestTrainer.Target.of(targets),
                50,
                5,
                1,
                new TrainingRandom(2)::below);
    }

    @Test
    void predictsEachOfSeveralNumbers() {
        double[] predicted = trees().predict(new float[] {50, 90, 5});

        assertThat(predicted[0]).isCloseTo(1, within(0.1));
        assertThat(predicted[1]).isCloseTo(-1, within(0.2));
    }

    @Test
    void wordsGiveProbabilitiesAndNumbers() {
        WordTable table = WordTable.ofClasses(words, classes, 2, 8, new TrainingRandom(3)::below);
        WordTable numbers = WordTable.ofNumbers(words, targets, 8, new TrainingRandom(3)::below);

        double[] probabilities = table.predict(new int[] {8});
        assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-9));
        assertThat(probabilities[1]).isGreaterThan(0.8);
        assertThat(numbers.predict(new int[] {7, 103})[0]).isCloseTo(0, within(0.25));
        assertThat(numbers.predict(new int[] {8, 103})[0]).isCloseTo(1, within(0.25));
    }

    @Test
    void refusesTreesThatAreCutOffOrHaveOtherLeaves() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        trees().write(new DataOutputStream(bytes));
        byte[] whole = bytes.toByteArray();

        assertThat(read(whole).predict(features[0])).isEqualTo(trees().predict(features[0]));
        // The number of leaves stands behind the nodes; a smaller number of nodes ends within a tree.
        byte[] fewer = whole.clone();
        fewer[15]--;
        assertThatThrownBy(() -> read(fewer)).isInstanceOf(ModelFormatException.class);
        byte[] feature = whole.clone();
        feature[16] = 77;
        assertThatThrownBy(() -> read(feature))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("feature is 77, expected less than 3");
    }

    private static VectorTrees read(byte[] bytes) throws IOException {
        return VectorTrees.read(new DataInputStream(new ByteArrayInputStream(bytes)), 3, 2);
    }
}
