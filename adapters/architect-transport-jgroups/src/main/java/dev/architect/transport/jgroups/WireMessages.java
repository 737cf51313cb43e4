package dev.architect.transport.jgroups;

import java.io.DataInput;
import java.io.IOException;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.LongMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.util.AsciiString;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.SizeStreamable;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of JGroups from the bytes of a frame. Only those types are made that the protocols of our stack send: object messages may
 * hold serialised Java objects, which the library reads as soon as they arrive, so of these only lists of sequence numbers and digests are
 * read, which have formats of their own.
 */
final class WireMessages {

    /** The most messages of a batch. */
    private static final int MAX_BATCH = 65_536;

    /** The most sequence numbers that a member asks for at once; a request has one bit for each. */
    private static final int MAX_SEQUENCE_NUMBERS = 1 << 20;

    /** The two halves of what came together. */
    record Batches(@Nullable MessageBatch regular, @Nullable MessageBatch outOfBand) {}

    private WireMessages() {}

    static Message readMessage(DataInput in) throws IOException, ClassNotFoundException {
        Message message = ofType(in.readShort());
        message.readFrom(in);
        return message;
    }

    /** Reads what {@code Util.writeMessageList} writes, after the version and the flags. */
    static Batches readBatches(DataInput in, boolean isMulticast) throws IOException, ClassNotFoundException {
        Address to = Util.readAddress(in);
        Address from = Util.readAddress(in);
        AsciiString cluster = readCluster(in);
        int count = in.readInt();
        if (count < 0 || count > MAX_BATCH) {
            throw new IOException("batch of " + count + " messages, expected 0.." + MAX_BATCH);
        }
        MessageBatch regular = null;
        MessageBatch outOfBand = null;
        for (int i = 0; i < count; i++) {
            Message message = ofType(in.readShort()).setDest(to).setSrc(from);
            message.readFrom(in);
            if (message.isFlagSet(Message.Flag.OOB)) {
                outOfBand = outOfBand != null
                        ? outOfBand
                        : new MessageBatch(to, from, cluster, isMulticast, MessageBatch.Mode.OOB, count);
                outOfBand.add(message);
            } else {
                regular = regular != null
                        ? regular
                        : new MessageBatch(to, from, cluster, isMulticast, MessageBatch.Mode.REG, count);
                regular.add(message);
            }
        }
        return new Batches(regular, outOfBand);
    }

    private static @Nullable AsciiString readCluster(DataInput in) throws IOException {
        short length = in.readShort();
        if (length < 0) {
            return null;
        }
        byte[] name = new byte[length];
        in.readFully(name);
        return new AsciiString(name);
    }

    private static Message ofType(short type) throws IOException {
        return switch (type) {
            case Message.BYTES_MSG -> new BoundedBytesMessage();
            case Message.EMPTY_MSG -> new EmptyMessage();
            case Message.LONG_MSG -> new LongMessage();
            case Message.OBJ_MSG -> new ProtocolObjectMessage();
            default -> throw new IOException("message of type " + type + ", expected one of this transport");
        };
    }

    /** Bytes whose length is checked before there is memory for them. */
    private static final class BoundedBytesMessage extends BytesMessage {

        @Override
        public void readPayload(DataInput in) throws IOException {
            int size = in.readInt();
            if (size > MemberTransport.MAX_FRAME_BYTES) {
                throw new IOException(
                        "payload of " + size + " bytes, expected at most " + MemberTransport.MAX_FRAME_BYTES);
            }
            if (size >= 0) {
                byte[] payload = new byte[size];
                in.readFully(payload);
                setArray(payload, 0, size);
            }
        }
    }

    /** An object that a protocol sends another one. */
    private static final class ProtocolObjectMessage extends ObjectMessage {

        @Override
        public void readPayload(DataInput in) throws IOException, ClassNotFoundException {
            if (in.readByte() == 0) {
                return;
            }
            short magic = in.readShort();
            Object payload = magic < 0 ? null : ClassConfigurator.create(magic);
            if (!(payload instanceof SeqnoList) && !(payload instanceof Digest)) {
                throw new IOException("message with an object, expected bytes");
            }
            if (payload instanceof SeqnoList) {
                requireShort(in);
            }
            SizeStreamable known = (SizeStreamable) payload;
            known.readFrom(in);
            // By this method, which takes the object for what it is and never for a wrapped one.
            setObject(known);
        }

        /** The list begins with the number of its bits, for which there would be memory at once. */
        private static void requireShort(DataInput in) throws IOException {
            if (in instanceof ByteArrayDataInputStream bytes) {
                int begin = bytes.position();
                int size = bytes.readInt();
                bytes.position(begin);
                if (size < 0 || size > MAX_SEQUENCE_NUMBERS) {
                    throw new IOException("request for " + size + " messages, expected 0.." + MAX_SEQUENCE_NUMBERS);
                }
            }
        }
    }
}
