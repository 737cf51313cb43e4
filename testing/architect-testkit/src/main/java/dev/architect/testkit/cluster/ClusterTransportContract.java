package dev.architect.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ClusterTransport} must do. A subclass creates transports of one cluster and delivers pending messages.
 * A transport may lose messages, so no case relies on a single message: it sends until one arrives. Views are expected to be right in the
 * end.
 */
public abstract class ClusterTransportContract {

    private static final int MAX_ROUNDS = 3_000;
    private static final int SENDERS = 4;
    private static final int EACH = 50;

    private final List<ClusterTransport> opened = new CopyOnWriteArrayList<>();

    /** Creates the contract. */
    protected ClusterTransportContract() {}

    /** Returns a new transport, not started, of the same cluster as the others of this test. */
    protected abstract ClusterTransport newTransport();

    /** Delivers messages that were sent, or waits briefly for them: three thousand such waits are longer than anything takes. */
    protected abstract void deliverPending() throws InterruptedException;

    /**
     * Ends a started transport as the end of its process would: without a word to the others, and without {@link ClusterTransport#close},
     * which is called later all the same.
     *
     * @return false, as by default, when this cannot be simulated; the cases that need it are skipped
     */
    protected boolean kill(ClusterTransport transport) {
        return false;
    }

    /** How many members the case with many members has. 8 by default. */
    protected int manyMembers() {
        return 8;
    }

    /** Closes what the test opened. */
    @AfterEach
    void closeTransports() {
        opened.forEach(ClusterTransport::close);
    }

    @Test
    void membersSeeEachOther() throws InterruptedException {
        ClusterTransport one = started("one", new RecordingReceiver());
        ClusterTransport two = started("two", new RecordingReceiver());

        eventually(() -> one.view().members().equals(Set.of("one", "two"))
                && two.view().members().equals(Set.of("one", "two")));
    }

    @Test
    void manyMembersSeeAndReachEachOther() throws InterruptedException {
        RecordingReceiver own = new RecordingReceiver();
        List<RecordingReceiver> others = new ArrayList<>();
        List<ClusterTransport> members = new ArrayList<>(List.of(started("member-0", own)));
        Set<String> names = new TreeSet<>(Set.of("member-0"));
        for (int i = 1; i < manyMembers(); i++) {
            RecordingReceiver receiver = new RecordingReceiver();
            members.add(started("member-" + i, receiver));
            names.add("member-" + i);
            others.add(receiver);
        }

        eventually(() ->
                members.stream().allMatch(member -> member.view().members().equals(names)));
        eventually(() -> {
            members.get(0).broadcast(bytes("all"));
            return others.stream().allMatch(receiver -> receiver.messages.contains("member-0:all"));
        });
        assertThat(own.messages).isEmpty();
    }

    @Test
    void membersThatJoinAtTheSameTimeSeeEachOther() throws InterruptedException {
        Set<String> names = new TreeSet<>(List.of("a", "b", "c"));
        CyclicBarrier start = new CyclicBarrier(names.size());
        List<ClusterTransport> members = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (String name : names) {
            ClusterTransport member = opened(newTransport());
            members.add(member);
            threads.add(thread(failures, () -> {
                start.await();
                member.start(name, new RecordingReceiver());
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        eventually(() ->
                members.stream().allMatch(member -> member.view().members().equals(names)));
    }

    @Test
    void aMessageReachesTheMemberItIsFor() throws InterruptedException {
        RecordingReceiver first = new RecordingReceiver();
        RecordingReceiver second = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("first", first);
        started("second", second);

        eventually(() -> {
            sender.send("first", bytes("hello"));
            return first.messages.contains("sender:hello");
        });

        assertThat(second.messages).isEmpty();
    }

    @Test
    void aBroadcastReachesEveryOtherMemberButNotTheSender() throws InterruptedException {
        RecordingReceiver own = new RecordingReceiver();
        RecordingReceiver first = new RecordingReceiver();
        RecordingReceiver second = new RecordingReceiver();
        ClusterTransport sender = started("sender", own);
        started("first", first);
        started("second", second);

        eventually(() -> {
            sender.broadcast(bytes("all"));
            return first.messages.contains("sender:all") && second.messages.contains("sender:all");
        });

        assertThat(own.messages).isEmpty();
    }

    @Test
    void messagesToUnknownMembersAreDropped() throws InterruptedException {
        ClusterTransport sender = started("sender", new RecordingReceiver());

        sender.send("absent", bytes("hello"));
        deliverPending();

        assertThat(sender.view().members()).containsExactly("sender");
    }

    @Test
    void everyMessageUpToTheLimitArrivesAsItWasSent() throws InterruptedException {
        byte[] longest = new byte[ClusterTransport.MAX_MESSAGE_BYTES];
        new Random(1).nextBytes(longest);
        List<byte[]> arrived = new CopyOnWriteArrayList<>();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("receiver", (from, message) -> arrived.add(message));

        for (byte[] message : List.of(longest, new byte[0], new byte[] {0}, bytes("\u00fc\ud83d\ude00\n\u0000"))) {
            eventually(() -> {
                sender.send("receiver", message);
                sender.broadcast(message);
                return arrived.stream()
                                .filter(seen -> Arrays.equals(seen, message))
                                .count()
                        >= 2;
            });
        }
    }

    @Test
    void aMessageThatIsTooLongOrMissingIsRefused() {
        ClusterTransport sender = started("sender", new RecordingReceiver());
        byte[] tooLong = new byte[ClusterTransport.MAX_MESSAGE_BYTES + 1];

        assertThatThrownBy(() -> sender.send("other", tooLong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8193")
                .hasMessageContaining("8192");
        assertThatThrownBy(() -> sender.broadcast(tooLong)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMemberThatLeftIsRemovedAndReceivesNothing() throws InterruptedException {
        RecordingReceiver departed = new RecordingReceiver();
        ClusterTransport stays = started("stays", new RecordingReceiver());
        ClusterTransport leaves = started("leaves", departed);
        eventually(() -> stays.view().members().size() == 2);

        leaves.close();
        eventually(() -> stays.view().members().equals(Set.of("stays")));
        stays.send("leaves", bytes("late"));
        deliverPending();

        assertThat(departed.messages).isEmpty();
        assertThat(leaves.view().members()).isEmpty();
    }

    @Test
    void closingTwiceDoesNothingMore() throws InterruptedException {
        ClusterTransport stays = started("stays", new RecordingReceiver());
        ClusterTransport leaves = started("leaves", new RecordingReceiver());
        eventually(() -> stays.view().members().size() == 2);

        leaves.close();
        leaves.close();
        opened(newTransport()).close();

        eventually(() -> stays.view().members().equals(Set.of("stays")));
        assertThatThrownBy(() -> leaves.send("stays", bytes("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> leaves.broadcast(bytes("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> leaves.start("again", new RecordingReceiver()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void severalThreadsMayCloseAtTheSameTime() throws InterruptedException {
        ClusterTransport stays = started("stays", new RecordingReceiver());
        ClusterTransport leaves = started("leaves", new RecordingReceiver());
        eventually(() -> stays.view().members().size() == 2);
        List<Throwable> failures = new CopyOnWriteArrayList<>();

        List<Thread> closing = List.of(thread(failures, leaves::close), thread(failures, leaves::close));
        for (Thread thread : closing) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        eventually(() -> stays.view().members().equals(Set.of("stays")));
    }

    @Test
    void startingTwiceIsRefusedAndChangesNothing() throws InterruptedException {
        ClusterTransport one = started("one", new RecordingReceiver());

        assertThatThrownBy(() -> one.start("two", new RecordingReceiver())).isInstanceOf(IllegalStateException.class);
        deliverPending();

        assertThat(one.view().members()).containsExactly("one");
    }

    @Test
    void aTransportThatIsNotStartedHasNoMembersAndRefusesToSend() {
        ClusterTransport idle = opened(newTransport());

        assertThat(idle.view()).isEqualTo(MemberView.NONE);
        assertThatThrownBy(() -> idle.broadcast(bytes("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> idle.send("other", bytes("x"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMemberComesBackUnderItsOwnAndUnderAnotherName() throws InterruptedException {
        ClusterTransport stays = started("stays", new RecordingReceiver());
        for (String name : List.of("first", "first", "second")) {
            RecordingReceiver receiver = new RecordingReceiver();
            ClusterTransport member = started(name, receiver);
            eventually(() -> stays.view().members().equals(Set.of("stays", name)));
            eventually(() -> {
                stays.send(name, bytes("hello " + name));
                return receiver.messages.contains("stays:hello " + name);
            });

            member.close();

            eventually(() -> stays.view().members().equals(Set.of("stays")));
        }
    }

    @Test
    void aMemberThatDiesWithoutLeavingIsRemovedAndItsNameIsFreeAgain() throws InterruptedException {
        ClusterTransport stays = started("stays", new RecordingReceiver());
        ClusterTransport dies = started("dies", new RecordingReceiver());
        eventually(() -> stays.view().members().size() == 2);
        assumeTrue(kill(dies), "this transport cannot simulate the end of a process");

        eventually(() -> stays.view().members().equals(Set.of("stays")));

        RecordingReceiver receiver = new RecordingReceiver();
        started("dies", receiver);
        eventually(() -> {
            stays.send("dies", bytes("again"));
            return receiver.messages.contains("stays:again");
        });
    }

    @Test
    void theReceiverGetsACopyOfTheMessage() throws InterruptedException {
        byte[] message = bytes("mine");
        RecordingReceiver receiver = new RecordingReceiver();
        RecordingReceiver other = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("receiver", receiver);
        started("spoiler", (from, content) -> {
            other.onMessage(from, content);
            Arrays.fill(content, (byte) 'Z');
        });

        eventually(() -> {
            byte[] copy = message.clone();
            sender.send("receiver", copy);
            sender.broadcast(copy);
            copy[0] = 'X';
            return receiver.messages.size() > 1 && !other.messages.isEmpty();
        });

        assertThat(receiver.messages).containsOnly("sender:mine");
        assertThat(other.messages).containsOnly("sender:mine");
    }

    @Test
    void idsOfViewsRiseAndTheLastOneIsTheCurrentOne() throws InterruptedException {
        RecordingReceiver receiver = new RecordingReceiver();
        ClusterTransport watcher = started("watcher", receiver);
        for (String name : List.of("a", "b")) {
            ClusterTransport member = started(name, new RecordingReceiver());
            eventually(() -> watcher.view().members().contains(name));
            member.close();
            eventually(() -> !watcher.view().members().contains(name));
        }

        eventually(() -> !receiver.views.isEmpty()
                && receiver.views.get(receiver.views.size() - 1).equals(watcher.view()));
        List<Long> ids = receiver.views.stream().map(MemberView::id).toList();
        assertThat(new TreeSet<>(ids)).as("ids %s", ids).containsExactlyElementsOf(ids);
        assertThat(receiver.views).anyMatch(view -> view.members().contains("a"));
        assertThat(receiver.views).allMatch(view -> view.members().contains("watcher"));
    }

    @Test
    void aReceiverThatThrowsAnythingDoesNoHarm() throws InterruptedException {
        AtomicInteger thrown = new AtomicInteger();
        AtomicInteger viewsThrown = new AtomicInteger();
        RecordingReceiver good = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("bad", new ClusterTransport.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                throwAnything(thrown.getAndIncrement());
            }

            @Override
            public void onView(MemberView view) {
                throwAnything(viewsThrown.getAndIncrement());
            }
        });
        ClusterTransport last = started("good", good);

        // More than there are kinds of failures, so that what each did to the transport would show in the next.
        eventually(() -> {
            sender.broadcast(bytes("x"));
            return thrown.get() > 10 && good.messages.contains("sender:x");
        });
        last.close();

        eventually(() -> sender.view().members().equals(Set.of("sender", "bad")));
        assertThat(viewsThrown.get()).isPositive();
    }

    @Test
    void aReceiverMayUseItsTransport() throws InterruptedException {
        RecordingReceiver asking = new RecordingReceiver();
        ClusterTransport asks = started("asks", asking);
        ClusterTransport answers = opened(newTransport());
        answers.start("answers", (from, message) -> {
            answers.send(from, bytes("answer"));
            answers.broadcast(bytes(String.valueOf(answers.view().members().contains("answers"))));
        });

        eventually(() -> {
            asks.send("answers", bytes("question"));
            return asking.messages.contains("answers:answer") && asking.messages.contains("answers:true");
        });
    }

    @Test
    void aReceiverMayCloseItsTransport() throws InterruptedException {
        ClusterTransport stays = started("stays", new RecordingReceiver());
        AtomicInteger calls = new AtomicInteger();
        ClusterTransport leaves = opened(newTransport());
        leaves.start("leaves", (from, message) -> {
            leaves.close();
            calls.incrementAndGet();
        });

        eventually(() -> {
            stays.send("leaves", bytes("go"));
            return calls.get() > 0;
        });

        eventually(() -> stays.view().members().equals(Set.of("stays")));
        assertThat(calls).hasValue(1);
    }

    @Test
    void nothingIsReceivedAfterTheEnd() throws InterruptedException {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        RecordingReceiver received = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        ClusterTransport receiver = started("receiver", new ClusterTransport.Receiver() {
            @Override
            public void onMessage(String from, byte[] message) {
                received.onMessage(from, message);
                late.addAndGet(closed.get() ? 1 : 0);
            }

            @Override
            public void onView(MemberView view) {
                late.addAndGet(closed.get() ? 1 : 0);
            }
        });
        eventually(() -> {
            sender.broadcast(bytes("x"));
            return !received.messages.isEmpty();
        });

        for (int i = 0; i < EACH; i++) {
            sender.send("receiver", bytes("x"));
        }
        receiver.close();
        closed.set(true);
        for (int i = 0; i < EACH; i++) {
            sender.send("receiver", bytes("x"));
        }
        eventually(() -> sender.view().members().equals(Set.of("sender")));

        assertThat(late).hasValue(0);
    }

    @Test
    void severalThreadsMaySendAtTheSameTime() throws InterruptedException {
        Set<String> arrived = ConcurrentHashMap.newKeySet();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("receiver", (from, message) -> arrived.add(new String(message, StandardCharsets.UTF_8)));
        eventually(() -> sender.view().members().contains("receiver"));
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        // Long messages of one letter each: parts of two that were mixed up would show.
        for (int i = 0; i < SENDERS; i++) {
            byte[] message = bytes(String.valueOf((char) ('a' + i)).repeat(1_000));
            threads.add(thread(failures, () -> {
                for (int sent = 0; sent < EACH; sent++) {
                    sender.send("receiver", message);
                    sender.broadcast(message);
                    sender.view();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < SENDERS; i++) {
            expected.add(String.valueOf((char) ('a' + i)).repeat(1_000));
        }
        eventually(() -> {
            expected.forEach(message -> sender.send("receiver", bytes(message)));
            return arrived.containsAll(expected);
        });
        assertThat(arrived).isEqualTo(expected);
    }

    @Test
    void membersThatComeAndGoDisturbNoMessagesOfOthers() throws InterruptedException {
        RecordingReceiver receiver = new RecordingReceiver();
        ClusterTransport sender = started("sender", new RecordingReceiver());
        started("receiver", receiver);
        for (int i = 0; i < 3; i++) {
            ClusterTransport guest = started("guest-" + i, new RecordingReceiver());
            String text = "during " + i;
            eventually(() -> {
                sender.send("receiver", bytes(text));
                return receiver.messages.contains("sender:" + text);
            });
            guest.close();
        }

        eventually(() -> sender.view().members().equals(Set.of("sender", "receiver")));
        assertThat(receiver.messages).allMatch(message -> message.startsWith("sender:during "));
    }

    private ClusterTransport started(String name, ClusterTransport.Receiver receiver) {
        ClusterTransport transport = opened(newTransport());
        transport.start(name, receiver);
        return transport;
    }

    private ClusterTransport opened(ClusterTransport transport) {
        opened.add(transport);
        return transport;
    }

    private void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (condition.getAsBoolean()) {
                return;
            }
            deliverPending();
        }
        assertThat(condition.getAsBoolean()).as("after %d rounds", MAX_ROUNDS).isTrue();
    }

    private static Thread thread(List<Throwable> failures, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Throwable failure) {
                failures.add(failure);
            }
        });
        thread.start();
        return thread;
    }

    /** Throws what is next in a row of failures, checked ones included. */
    private static void throwAnything(int count) {
        switch (count % 5) {
            case 0 -> throw new IllegalStateException("planted");
            case 1 -> throw new AssertionError("planted");
            case 2 -> throw new StackOverflowError("planted");
            case 3 -> ClusterTransportContract.<RuntimeException>throwChecked(new InterruptedException("planted"));
            default -> throw new OutOfMemoryError("planted");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwChecked(Throwable checked) throws T {
        throw (T) checked;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a thread of a test does. */
    private interface Body {
        void run() throws Exception;
    }

    private static final class RecordingReceiver implements ClusterTransport.Receiver {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final List<MemberView> views = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String from, byte[] message) {
            messages.add(from + ":" + new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void onView(MemberView view) {
            views.add(view);
        }
    }
}
