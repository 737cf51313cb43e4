package dev.architect.benchmarks.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Pages that follow the live channel, each over a WebSocket of its own, read by one thread; and some that never read. They cost little, because
 * they share the machine with the server.
 */
final class OpenPages implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int STALLED_BUFFER_BYTES = 4 * 1024;
    private static final int STALLED_TOPICS = 20;
    private static final int PAGES_OF_A_CLIENT = 50;
    private static final int MASK_BIT = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final long SELECT_MILLIS = 100;

    private final URI server;
    private final String token;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Selector selector;
    private final Thread reader;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean closed;
    private volatile @Nullable Exception failure;

    OpenPages(String url, String token) throws IOException {
        this.server = URI.create(url);
        this.token = token;
        this.selector = Selector.open();
        this.reader = new Thread(this::read, "pages");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens pages that follow the state of the whole and all tasks. */
    void open(int pages, SightingLog log) throws IOException {
        for (int i = 0; i < pages; i++) {
            SocketChannel channel = connect(BUFFER_BYTES);
            channel.configureBlocking(false);
            PageConnection page = new PageConnection(log);
            channel.register(selector, SelectionKey.OP_READ, page);
            selector.wakeup();
            subscribe(channel, "status", "status");
            subscribe(channel, "tasks", "tasks");
        }
    }

    /** Opens pages that follow much and never read. */
    void openStalled(int pages) throws IOException {
        for (int i = 0; i < pages; i++) {
            SocketChannel channel = connect(STALLED_BUFFER_BYTES);
            for (int number = 0; number < STALLED_TOPICS; number++) {
                subscribe(channel, "t" + number, "tasks");
            }
        }
    }

    private SocketChannel connect(int buffer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        // Before the connection: a window that is small from the start fills soon.
        channel.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // The server bounds the connections of one client; these are the pages of several.
        channel.bind(new InetSocketAddress("127.0.0." + (2 + channels.size() / PAGES_OF_A_CLIENT), 0));
        channel.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        channels.add(channel);
        write(
                channel,
                ByteBuffer.wrap(("GET /ws/live HTTP/1.1\r\nHost: " + server.getAuthority()
                                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static void subscribe(SocketChannel channel, String id, String topic) throws IOException {
        byte[] text = ("{\"type\":\"subscribe\",\"id\":\"" + id + "\",\"topic\":\"" + topic + "\",\"items\":true}")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(text.length + 8);
        // A whole text, masked with zeros, which leave it as it is.
        frame.put((byte) 0x81).put((byte) (MASK_BIT | Math.min(text.length, SHORT_LENGTH)));
        if (text.length >= SHORT_LENGTH) {
            frame.putShort((short) text.length);
        }
        frame.putInt(0).put(text).flip();
        write(channel, frame);
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** How many of those that read are connected. */
    int openCount() {
        return open.get();
    }

    /** How many of those that read were closed by the server. */
    int lostCount() {
        return lost.get();
    }

    /** Throws when something has ended the reading. */
    void check() throws IOException {
        Exception found = failure;
        if (found != null) {
            throw new IOException("the pages cannot be read", found);
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (!closed) {
                selector.select(SELECT_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key, buffer);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException broken) {
            failure = broken;
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) throws IOException {
        PageConnection page = (PageConnection) key.attachment();
        boolean wasOpen = page.isOpen();
        int count;
        do {
            buffer.clear();
            count = ((SocketChannel) key.channel()).read(buffer);
            if (count > 0) {
                page.read(buffer.flip(), System.nanoTime());
            }
        } while (count == BUFFER_BYTES);
        if (!wasOpen && page.isOpen()) {
            open.incrementAndGet();
        }
        if (count < 0 || page.isClosed()) {
            key.cancel();
            open.decrementAndGet();
            lost.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            reader.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
