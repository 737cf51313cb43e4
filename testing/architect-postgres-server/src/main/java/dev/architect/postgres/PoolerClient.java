package dev.architect.postgres;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client of a {@link TransactionPooler}, served by one thread. */
final class PoolerClient {

    // What PgBouncer keeps per client and sets again on each server connection, beside what the connection is for.
    private static final Set<String> TRACKED = Set.of(
            "user",
            "database",
            "client_encoding",
            "datestyle",
            "timezone",
            "standard_conforming_strings",
            "application_name");

    private final TransactionPooler pooler;
    private final Socket socket;

    /** The client's prepared statements: its name for each, and the Parse message under a name that no other statement has. */
    private final Map<String, WireMessage> statements = new HashMap<>();

    private int prepared;

    PoolerClient(TransactionPooler pooler, Socket socket) {
        this.pooler = pooler;
        this.socket = socket;
    }

    void run() {
        PooledServer server = null;
        try {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            var out = new BufferedOutputStream(socket.getOutputStream());
            if (!begin(in, out)) {
                return;
            }
            List<WireMessage> request = request(in);
            while (!request.isEmpty()) {
                server = server == null ? pooler.take() : server;
                if (server == null) {
                    say(out, WireMessage.fatal("08P01", "query_wait_timeout"));
                    return;
                }
                if (forward(in, out, server, request)) {
                    pooler.give(server);
                    server = null;
                }
                request = request(in);
            }
        } catch (IOException e) {
            // The client or its server connection ended, and with it the client.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (server != null) {
                pooler.drop(server);
            }
        }
    }

    // The client authenticates itself at the server; the connection on which it did so joins the pool.
    private boolean begin(DataInputStream in, OutputStream out) throws IOException {
        WireMessage startup = WireMessage.readFirst(in);
        while (startup != null
                && (startup.code() == WireMessage.SSL_REQUEST || startup.code() == WireMessage.GSS_REQUEST)) {
            socket.getOutputStream().write('N');
            startup = WireMessage.readFirst(in);
        }
        if (startup == null || startup.code() >> 16 != WireMessage.PROTOCOL_MAJOR) {
            return false;
        }
        WireMessage known = withoutIgnored(startup, out);
        if (known == null) {
            return false;
        }
        PooledServer server = pooler.connect();
        boolean ready = false;
        try {
            server.send(known);
            server.flush();
            while (true) {
                WireMessage answer = server.receive();
                say(out, answer);
                if (answer.is('E')) {
                    return false;
                }
                if (answer.is('Z')) {
                    ready = true;
                    pooler.add(server);
                    return true;
                }
                if (answer.is('R') && asksForAnswer(answer)) {
                    WireMessage password = WireMessage.read(in);
                    if (password == null) {
                        return false;
                    }
                    server.send(password);
                    server.flush();
                }
            }
        } finally {
            if (!ready) {
                server.close();
            }
        }
    }

    // AuthenticationOk (0) and AuthenticationSASLFinal (12) want none.
    private static boolean asksForAnswer(WireMessage authentication) {
        return authentication.code() != 0 && authentication.code() != 12;
    }

    private @Nullable WireMessage withoutIgnored(WireMessage startup, OutputStream out) throws IOException {
        var kept = new ByteArrayOutputStream();
        kept.write(ByteBuffer.allocate(4).putInt(startup.code()).array());
        for (int at = 4; startup.body()[at] != 0; ) {
            String name = startup.text(at);
            String value = startup.text(startup.end(at) + 1);
            at += name.getBytes(StandardCharsets.UTF_8).length + value.getBytes(StandardCharsets.UTF_8).length + 2;
            if (TRACKED.contains(name.toLowerCase(Locale.ROOT))) {
                kept.write((name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
            } else if (!pooler.ignores(name)) {
                say(out, WireMessage.fatal("08P01", "unsupported startup parameter: " + name));
                return null;
            }
        }
        kept.write(0);
        return new WireMessage((byte) 0, kept.toByteArray());
    }

    // What the client sends before it waits for an answer; empty when it leaves.
    private static List<WireMessage> request(DataInputStream in) throws IOException {
        var request = new ArrayList<WireMessage>();
        while (true) {
            WireMessage message = WireMessage.read(in);
            if (message == null || message.is('X')) {
                return List.of();
            }
            request.add(message);
            if (message.is('S') || message.is('Q')) {
                return request;
            }
        }
    }

    /** Runs a request and returns true if no transaction is open after it. */
    private boolean forward(DataInputStream in, OutputStream out, PooledServer server, List<WireMessage> request)
            throws IOException {
        for (WireMessage message : pooler.tracksPreparedStatements() ? named(server, request) : request) {
            server.send(message);
        }
        server.flush();
        while (true) {
            WireMessage answer = server.receive();
            answer.write(out);
            if (answer.is('G')) {
                out.flush();
                copy(in, server);
            } else if (answer.is('Z')) {
                out.flush();
                return answer.body()[0] == 'I';
            }
        }
    }

    // The rows of a COPY FROM STDIN.
    private static void copy(DataInputStream in, PooledServer server) throws IOException {
        WireMessage row;
        do {
            row = WireMessage.read(in);
            if (row == null) {
                throw new IOException("the client left inside COPY");
            }
            server.send(row);
        } while (row.is('d'));
        server.flush();
    }

    // The same request with names that are the client's own, on a connection where all of them are prepared.
    private List<WireMessage> named(PooledServer server, List<WireMessage> request) throws IOException {
        var renamed = new ArrayList<WireMessage>();
        for (WireMessage message : request) {
            switch (message.type()) {
                case 'P' -> {
                    String name = message.text(0);
                    if (name.isEmpty()) {
                        renamed.add(message);
                    } else {
                        WireMessage own = message.withText(
                                0, "c" + System.identityHashCode(this) + "_" + ++prepared + "_" + name);
                        statements.put(name, own);
                        server.prepared().add(own.text(0));
                        renamed.add(own);
                    }
                }
                case 'B' -> renamed.add(named(server, message, message.end(0) + 1));
                case 'D', 'C' -> renamed.add(message.body()[0] == 'S' ? named(server, message, 1) : message);
                default -> renamed.add(message);
            }
        }
        return renamed;
    }

    private WireMessage named(PooledServer server, WireMessage message, int at) throws IOException {
        WireMessage parse = statements.get(message.text(at));
        if (parse == null) {
            return message;
        }
        String own = parse.text(0);
        if (message.is('C')) {
            statements.remove(message.text(at));
            server.prepared().remove(own);
        } else if (server.prepared().add(own)) {
            prepare(server, parse);
        }
        return message.withText(at, own);
    }

    // Outside the client's request, so that the client hears nothing of it.
    private static void prepare(PooledServer server, WireMessage parse) throws IOException {
        server.send(parse);
        server.send(WireMessage.of('S', new byte[0]));
        server.flush();
        WireMessage answer;
        do {
            answer = server.receive();
            if (answer.is('E')) {
                server.prepared().remove(parse.text(0));
            }
        } while (!answer.is('Z'));
    }

    private static void say(OutputStream out, WireMessage message) throws IOException {
        message.write(out);
        out.flush();
    }
}
