package dev.architect.router.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One answer from several calls: nothing twice, nothing lost, and a restart only where the answers differ. */
final class AnswerRelayTest {

    private static final String ANSWER = "The quick brown fox jumps over the lazy dog and runs away into the woods";

    private final Reader reader = new Reader();
    private final AnswerRelay relay = new AnswerRelay(reader);

    @Test
    void aRepeatedAnswerGoesOnWhereItBroke() {
        for (int cut = 0; cut <= ANSWER.length(); cut++) {
            for (int size : new int[] {1, 3, 7, 100}) {
                Reader one = new Reader();
                AnswerRelay answer = new AnswerRelay(one);
                answer.beginCall(() -> {});
                send(answer, ANSWER.substring(0, cut), 5);
                answer.beginCall(() -> {});
                send(answer, ANSWER, size);
                answer.onStop(StopReason.COMPLETE);

                assertThat(one.text()).as("cut at %d, pieces of %d", cut, size).isEqualTo(ANSWER);
                assertThat(one.restarts).isZero();
            }
        }
    }

    @Test
    void aListenerThatFailsInAPauseIsTheCauseOfTheEnd() {
        IllegalStateException gone = new IllegalStateException("gone");
        List<String> seen = new ArrayList<>();
        AnswerRelay one = new AnswerRelay(new ChatListener() {
            @Override
            public void onText(String delta) {
                seen.add(delta);
            }

            @Override
            public void onBurst() {
                seen.add("burst");
            }

            @Override
            public void onPause() {
                throw gone;
            }
        });
        one.beginCall(() -> {});
        one.onBurst();
        one.onText("a");

        assertThatThrownBy(one::onPause).isSameAs(gone);
        assertThat(one.listenerFailure()).isSameAs(gone);
        assertThat(seen).containsExactly("burst", "a");
    }

    @Test
    void aDifferentAnswerStartsAgainOnce() {
        relay.beginCall(() -> {});
        send(relay, ANSWER.substring(0, 30), 4);
        relay.beginCall(() -> {});
        String other = ANSWER.substring(0, 12) + "red fox";
        send(relay, other, 3);
        relay.onStop(StopReason.COMPLETE);

        assertThat(reader.text()).isEqualTo(other);
        assertThat(reader.restarts).isEqualTo(1);
    }

    @Test
    void ashorterAnswerVoidsTheLongerOne() {
        relay.beginCall(() -> {});
        send(relay, ANSWER, 4);
        relay.beginCall(() -> {});
        send(relay, ANSWER.substring(0, 9), 3);
        assertThat(reader.restarts).isZero();

        relay.endAnswer();

        assertThat(reader.text()).isEqualTo(ANSWER.substring(0, 9));
        assertThat(reader.restarts).isEqualTo(1);
    }

    @Test
    void aCallThatBreaksWhileItRepeatsLeavesWhatWasDelivered() {
        relay.beginCall(() -> {});
        send(relay, ANSWER.substring(0, 40), 4);
        relay.beginCall(() -> {});
        send(relay, ANSWER.substring(0, 10), 4);
        relay.beginCall(() -> {});
        send(relay, ANSWER, 9);
        relay.endAnswer();

        assertThat(reader.text()).isEqualTo(ANSWER);
        assertThat(reader.restarts).isZero();
    }

    @Test
    void equalToolCallsAreDeliveredOnce() {
        ToolCallDelta call = new ToolCallDelta(0, "1", "add", "{\"a\":1}");
        relay.beginCall(() -> {});
        relay.onReasoning("Hm. ");
        relay.onText("Look: ");
        relay.onToolCall(call);
        relay.beginCall(() -> {});
        relay.onReasoning("Hm. ");
        relay.onText("Look: ");
        relay.onToolCall(call);
        relay.onText("done");
        relay.endAnswer();

        assertThat(reader.parts).containsExactly("<Hm. >", "Look: ", "add{\"a\":1}", "done");
    }

    @Test
    void anotherToolCallStartsAgainWithEverythingBeforeIt() {
        relay.beginCall(() -> {});
        relay.onText("Look: ");
        relay.onToolCall(new ToolCallDelta(0, "1", "add", "{}"));
        relay.beginCall(() -> {});
        relay.onText("Look: ");
        relay.onToolCall(new ToolCallDelta(0, "2", "add", "{}"));
        relay.endAnswer();

        assertThat(reader.parts).containsExactly("Look: ", "add{}");
        assertThat(reader.restarts).isEqualTo(1);
    }

    @Test
    void textInPlaceOfAToolCallIsADifference() {
        relay.beginCall(() -> {});
        relay.onToolCall(new ToolCallDelta(0, "1", "add", "{}"));
        relay.beginCall(() -> {});
        relay.onText("No.");
        relay.endAnswer();

        assertThat(reader.parts).containsExactly("No.");
        assertThat(reader.restarts).isEqualTo(1);
    }

    @Test
    void anAnswerTooLongToKeepStartsAgain() {
        String half = "x".repeat(AnswerRelay.MOST_KEPT / 2 + 1);
        relay.beginCall(() -> {});
        relay.onText(half);
        relay.onText(half);
        relay.beginCall(() -> {});
        relay.onText(half);
        relay.endAnswer();

        assertThat(reader.text()).isEqualTo(half);
        assertThat(reader.restarts).isEqualTo(1);
    }

    @Test
    void theFirstTokenIsReportedOncePerCall() {
        List<String> firsts = new ArrayList<>();
        relay.beginCall(() -> firsts.add("one"));
        send(relay, ANSWER, 5);
        relay.beginCall(() -> firsts.add("two"));
        send(relay, ANSWER, 5);

        assertThat(firsts).containsExactly("one", "two");
    }

    /** Whatever the calls send and wherever they break, the listener ends with the last answer. */
    @Test
    void anyMixOfCallsEndsWithTheLastAnswer() {
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            Reader one = new Reader();
            AnswerRelay answer = new AnswerRelay(one);
            for (int broken = random.nextInt(4); broken > 0; broken--) {
                answer.beginCall(() -> {});
                perform(answer, random, random.nextInt(6));
            }
            Reader expected = new Reader();
            int parts = 1 + random.nextInt(6);
            long script = random.nextLong();
            perform(expected, new Random(script), parts);
            answer.beginCall(() -> {});
            perform(answer, new Random(script), parts);
            answer.onStop(StopReason.COMPLETE);

            assertThat(one.joined()).as("seed %d", seed).isEqualTo(expected.joined());
        }
    }

    /** Few letters, so that answers often agree for a while. */
    private static void perform(ChatListener listener, Random random, int parts) {
        for (int part = 0; part < parts; part++) {
            switch (random.nextInt(5)) {
                case 0 -> listener.onReasoning(random.nextBoolean() ? "r" : "rr");
                case 1 -> listener.onToolCall(new ToolCallDelta(0, "1", "f", random.nextBoolean() ? "{}" : "[]"));
                default -> listener.onText(random.nextInt(4) > 0 ? "a" : "ab");
            }
        }
    }

    private static void send(AnswerRelay to, String text, int size) {
        for (int at = 0; at < text.length(); at += size) {
            to.onText(text.substring(at, Math.min(text.length(), at + size)));
        }
    }

    private static final class Reader implements ChatListener {
        private final List<String> parts = new ArrayList<>();
        private int restarts;

        @Override
        public void onText(String delta) {
            parts.add(delta);
        }

        @Override
        public void onReasoning(String delta) {
            parts.add("<" + delta + ">");
        }

        @Override
        public void onToolCall(ToolCallDelta delta) {
            parts.add(delta.name() + delta.arguments());
        }

        @Override
        public void onRestart() {
            parts.clear();
            restarts++;
        }

        String text() {
            return String.join("", parts);
        }

        /** Parts may be delivered in other pieces than they came. */
        String joined() {
            return text().replace("><", "");
        }
    }
}
