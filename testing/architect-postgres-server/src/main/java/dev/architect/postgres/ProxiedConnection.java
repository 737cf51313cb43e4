package dev.architect.postgres;

import dev.architect.postgres.FaultProxy.CommitFault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** One client's connection through a {@link FaultProxy}: a thread for each direction. */
final class ProxiedConnection {

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;

    /** Set while the server commits and the client shall not hear of it. */
    private volatile boolean swallowing;

    ProxiedConnection(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        FaultProxy.daemon("fault-proxy-up", () -> run(this::forwardRequests));
        FaultProxy.daemon("fault-proxy-down", () -> run(this::forwardReplies));
    }

    /** Resets both sides, so that neither hears a proper end. */
    void cut() {
        for (Socket socket : List.of(client, server)) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // Closed already.
            }
            FaultProxy.close(socket);
        }
        proxy.closed(this);
    }

    private interface Direction {
        void forward() throws IOException, InterruptedException;
    }

    private void run(Direction direction) {
        try {
            direction.forward();
        } catch (IOException e) {
            // One side ended; the other one is told by the end of its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            FaultProxy.close(client);
            FaultProxy.close(server);
            proxy.closed(this);
        }
    }

    private void forwardRequests() throws IOException, InterruptedException {
        var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
        var out = new BufferedOutputStream(server.getOutputStream());
        if (!begin(in, out)) {
            return;
        }
        var statements = new FrontendStatements();
        var held = new ArrayList<WireMessage>();
        boolean commits = false;
        for (WireMessage message = WireMessage.read(in); message != null; message = WireMessage.read(in)) {
            held.add(message);
            commits |= statements.see(message);
            if (!endsRequest(message)) {
                continue;
            }
            proxy.awaitResumed();
            CommitFault fault = commits ? proxy.commit(statements.transaction()) : CommitFault.NONE;
            if (fault == CommitFault.CUT_BEFORE) {
                cut();
                return;
            }
            swallowing = fault == CommitFault.CUT_AFTER;
            for (WireMessage one : held) {
                one.write(out);
            }
            out.flush();
            held.clear();
            commits = false;
        }
    }

    // Up to the startup message; the answers to requests for encryption are ours.
    private boolean begin(DataInputStream in, OutputStream out) throws IOException, InterruptedException {
        while (true) {
            WireMessage first = WireMessage.readFirst(in);
            if (first == null) {
                return false;
            }
            proxy.awaitResumed();
            if (first.code() == WireMessage.SSL_REQUEST || first.code() == WireMessage.GSS_REQUEST) {
                client.getOutputStream().write('N');
                continue;
            }
            first.write(out);
            out.flush();
            return first.code() >> 16 == WireMessage.PROTOCOL_MAJOR;
        }
    }

    // Parse, Bind, Describe, Execute and Close wait for what asks the server to answer.
    private static boolean endsRequest(WireMessage message) {
        return switch (message.type()) {
            case 'P', 'B', 'D', 'E', 'C' -> false;
            default -> true;
        };
    }

    private void forwardReplies() throws IOException, InterruptedException {
        var in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
        var out = new BufferedOutputStream(client.getOutputStream());
        for (WireMessage message = WireMessage.read(in); message != null; message = WireMessage.read(in)) {
            proxy.awaitResumed();
            if (swallowing) {
                if (message.is('Z')) {
                    cut();
                    return;
                }
                continue;
            }
            message.write(out);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }
}
