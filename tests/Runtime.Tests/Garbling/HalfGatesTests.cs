using System.Numerics;
using System.Security.Cryptography;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Tests.ObliviousTransfer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Garbling;

public sealed class HalfGatesTests
{
    public static TheoryData<int, int, int, Activation, int> Functions()
    {
        var data = new TheoryData<int, int, int, Activation, int>();
        int[] widths = [2, 3, 17, 37, 64];
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (int window in (int[])[1, 2, 4, 9])
            {
                foreach (int width in widths)
                    data.Add(width, window, width / 3, activation, widths[(Array.IndexOf(widths, width) + window) % widths.Length]);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Garbled_evaluation_equals_arithmetic(int inputBits, int window, int shift, Activation activation, int ringBits)
    {
        var function = new NonLinearFunction
        {
            InputBits = inputBits,
            WindowSize = window,
            Shift = shift,
            Activation = activation,
            Lower = activation == Activation.Clip ? -1 : 0,
            Upper = activation == Activation.Clip ? 5 : 0,
            RingBits = ringBits,
        };
        foreach (int instances in (int[])[1, 11])
            Check(function, instances);
    }

    [Fact]
    public void Garbled_evaluation_equals_arithmetic_for_any_number_of_instances()
    {
        var function = new NonLinearFunction { InputBits = 12, Shift = 2, Activation = Activation.Relu, RingBits = 14 };
        for (int instances = 0; instances <= 20; instances++)
            Check(function, instances);
    }

    [Fact]
    public void The_portable_kernels_give_the_same_results()
    {
        var function = new NonLinearFunction { InputBits = 9, WindowSize = 2, Activation = Activation.Relu, RingBits = 9 };
        Aes128.PreferPortable = true;
        try
        {
            Check(function, 9);
        }
        finally
        {
            Aes128.PreferPortable = false;
        }
    }

    [Fact]
    public void Correlated_transfer_gives_the_evaluator_its_labels()
    {
        var function = new NonLinearFunction { InputBits = 10, Shift = 1, Activation = Activation.Relu, RingBits = 12 };
        Circuit circuit = NonLinearCircuit.Create(function);
        ulong[] server = [1000, 24, 0, 1023];
        ulong[] client = [30, 1000, 511, 1];
        ulong[] masks = [0, 4095, 7, 100];
        byte[] choices = NonLinearCircuit.PackClientInputs(function, client, masks);
        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(delta);
        var session = GarblingSession.Create();
        ulong[] outputs = new ulong[4];
        OtParties.Run(
            channel =>
            {
                var zeroLabels = new Block[HalfGates.EvaluatorLabels(circuit, 4)];
                sender.Extend(channel, zeroLabels);
                var garbler = new HalfGatesGarbler(session, delta);
                Block seed = SecureRandom.NextBlock();
                byte[] permuteBits = new byte[HalfGates.ColorBytes(circuit, 4)];
                garbler.Garble(circuit, 4, seed, zeroLabels, channel, permuteBits);
                garbler.SendInputLabels(circuit, 4, seed, NonLinearCircuit.PackServerInputs(function, server), channel);
                byte[] colors = new byte[permuteBits.Length];
                channel.Receive(colors);
                HalfGates.Decode(colors, permuteBits);
                PackedBits.Unpack(colors, function.RingBits, outputs);
            },
            channel =>
            {
                var labels = new Block[HalfGates.EvaluatorLabels(circuit, 4)];
                receiver.Extend(channel, choices, labels);
                var evaluatorSession = new GarblingSession(session.StartPoint);
                using GarbledTables tables = GarbledTables.Receive(evaluatorSession, circuit, 4, channel);
                var garblerLabels = new Block[HalfGates.GarblerLabelBytes(circuit, 4) / Block.Size];
                channel.ReceiveBlocks(garblerLabels);
                byte[] colors = new byte[HalfGates.ColorBytes(circuit, 4)];
                HalfGatesEvaluator.Evaluate(tables, garblerLabels, labels, colors);
                channel.Send(colors);
            });
        Assert.Equal([3UL, 1, (255 - 7) & 4095, (0 - 100) & 4095], outputs);
    }

    [Fact]
    public void Runs_can_be_evaluated_in_another_order_than_they_were_garbled()
    {
        var function = new NonLinearFunction { InputBits = 8, Activation = Activation.Relu, RingBits = 8 };
        var party = new Parties(NonLinearCircuit.Create(function));
        GarbledRun first = party.Garble(3);
        GarbledRun second = party.Garble(10);
        Assert.Equal([5UL, 0, 127, 1, 2, 3, 4, 5, 6, 7], party.Evaluate(second, [5, 200, 127, 1, 2, 3, 4, 5, 6, 7], new ulong[10]));
        Assert.Equal([0UL, 9, 3], party.Evaluate(first, [255, 9, 3], new ulong[3]));
    }

    [Fact]
    public void Constant_outputs_and_negations_decode()
    {
        var builder = new CircuitBuilder(1, 1);
        Wire a = builder.GarblerInput(0, 1)[0];
        Wire b = builder.EvaluatorInput(0, 1)[0];
        Circuit circuit = builder.Build(
            Wire.One, Wire.Zero, builder.Not(a), builder.Not(builder.And(a, builder.Not(b))), builder.And(builder.Not(a), b));
        var party = new Parties(circuit);
        byte[] outputs = party.EvaluateBits(party.Garble(4), [0b0011], [0b0101]);
        ulong[] words = new ulong[4];
        PackedBits.Unpack(outputs, 5, words);
        Assert.Equal([0b01001UL, 0b00001, 0b11101, 0b01101], words);
    }

    [Fact]
    public void Tables_labels_and_permute_bits_look_uniform_for_fixed_inputs()
    {
        var function = new NonLinearFunction { InputBits = 16, Activation = Activation.Relu, RingBits = 16 };
        var party = new Parties(NonLinearCircuit.Create(function));
        GarbledRun run = party.Garble(100);
        party.Evaluate(run, new ulong[100], new ulong[100]);
        AssertBalanced(run.TableBytes);
        AssertBalanced(run.LabelBytes);
        AssertBalanced(run.PermuteBits);
        AssertBalanced(run.Colors);
    }

    [Fact]
    public void Identical_instances_and_runs_share_no_ciphertext()
    {
        var function = new NonLinearFunction { InputBits = 6, Activation = Activation.None, RingBits = 6 };
        var party = new Parties(NonLinearCircuit.Create(function));
        byte[] bytes = [.. party.Garble(9).TableBytes, .. party.Garble(9).TableBytes];
        Block[] blocks = [.. bytes.Chunk(Block.Size).Select(chunk => Block.Read(chunk))];
        Assert.Equal(blocks.Length, blocks.Select(OtParties.Words).Distinct().Count());
    }

    [Fact]
    public void The_two_labels_of_a_wire_differ_by_delta_alone()
    {
        var party = new Parties(new CircuitBuilder(2, 0) is var builder ? builder.Build(builder.GarblerInput(0, 2)) : null!);
        Block seed = SecureRandom.NextBlock();
        Block[] zero = party.GarblerLabels(seed, [0b00]);
        Block[] one = party.GarblerLabels(seed, [0b10]);
        Assert.Equal(OtParties.Words(zero[0]), OtParties.Words(one[0]));
        Assert.Equal(OtParties.Words(party.Delta), OtParties.Words(zero[1] ^ one[1]));
    }

    [Fact]
    public void Truncated_tables_are_refused()
    {
        Circuit circuit = NonLinearCircuit.Create(new() { InputBits = 4, Activation = Activation.Relu, RingBits = 4 });
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send(new byte[HalfGates.TableBytes(circuit, 9) - 1]);
        first.Dispose();
        Assert.Throws<PeerProtocolException>(() => GarbledTables.Receive(GarblingSession.Create(), circuit, 9, second));
    }

    [Fact]
    public void Spans_of_the_wrong_length_are_refused()
    {
        Circuit circuit = NonLinearCircuit.Create(new() { InputBits = 4, Activation = Activation.Relu, RingBits = 4 });
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        var garbler = new HalfGatesGarbler(GarblingSession.Create(), CorrelatedOtSender.CreateDelta());
        Assert.Throws<ArgumentException>(() => garbler.Garble(circuit, 2, default, new Block[15], first, new byte[1]));
        Assert.Throws<ArgumentException>(() => garbler.Garble(circuit, 2, default, new Block[16], first, new byte[2]));
        Assert.Throws<ArgumentException>(() => garbler.SendInputLabels(circuit, 2, default, new byte[2], first));
        Assert.Throws<ArgumentException>(() => HalfGates.Decode(new byte[2], new byte[1]));
        first.Send(new byte[HalfGates.TableBytes(circuit, 2)]);
        GarbledTables tables = GarbledTables.Receive(GarblingSession.Create(), circuit, 2, second);
        Assert.Throws<ArgumentException>(() => HalfGatesEvaluator.Evaluate(tables, new Block[7], new Block[16], new byte[1]));
        Assert.Throws<ArgumentException>(() => HalfGatesEvaluator.Evaluate(tables, new Block[8], new Block[15], new byte[1]));
        Assert.Throws<ArgumentException>(() => HalfGatesEvaluator.Evaluate(tables, new Block[8], new Block[16], new byte[2]));
        tables.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
            HalfGatesEvaluator.Evaluate(tables, new Block[8], new Block[16], new byte[1]));
    }

    private static void Check(NonLinearFunction function, int instances)
    {
        Circuit circuit = NonLinearCircuit.Create(function);
        AesCtrGenerator generator = SecureRandom.CreateGenerator();
        ulong[] values = new ulong[instances * function.WindowSize];
        ulong[] clientShares = new ulong[values.Length];
        ulong[] masks = new ulong[instances];
        generator.FillRing(values, function.InputBits);
        generator.FillRing(clientShares, function.InputBits);
        generator.FillRing(masks, function.RingBits);
        UseEdgeValues(values, function.InputBits);
        ulong[] serverShares = [.. values.Zip(clientShares, (value, share) => value - share)];

        var party = new Parties(circuit);
        GarbledRun run = party.Garble(instances);
        Assert.Equal(32L * NonLinearCircuit.AndGates(function) * instances, run.TableBytes.Length);
        byte[] bits = party.EvaluateBits(
            run,
            NonLinearCircuit.PackServerInputs(function, serverShares),
            NonLinearCircuit.PackClientInputs(function, clientShares, masks));
        Assert.Equal((long)Block.Size * function.ServerBits * instances, run.LabelBytes.Length);
        ulong[] outputs = new ulong[instances];
        PackedBits.Unpack(bits, function.RingBits, outputs);

        for (int i = 0; i < instances; i++)
        {
            ulong expected = Reference(function, values.AsSpan(i * function.WindowSize, function.WindowSize));
            Assert.Equal((expected - masks[i]) & Mask(function.RingBits), outputs[i]);
            Assert.Equal(outputs[i], Clear(circuit, function, i, serverShares, clientShares, masks[i]));
        }
    }

    private static ulong Reference(NonLinearFunction function, ReadOnlySpan<ulong> window)
    {
        long maximum = long.MinValue;
        foreach (ulong word in window)
            maximum = Math.Max(maximum, ((long)(word << (64 - function.InputBits)) >> (64 - function.InputBits)) >> function.Shift);
        return function.Activation switch
        {
            Activation.None => (ulong)maximum,
            Activation.Relu => (ulong)Math.Max(maximum, 0),
            Activation.Clip => (ulong)Math.Clamp(maximum, function.Lower, function.Upper),
            _ => throw new InvalidOperationException(),
        };
    }

    private static ulong Clear(
        Circuit circuit, NonLinearFunction function, int instance, ulong[] serverShares, ulong[] clientShares, ulong mask)
    {
        IEnumerable<int> words = Enumerable.Range(instance * function.WindowSize, function.WindowSize);
        bool[] server = [.. words.SelectMany(j => Bits(serverShares[j], function.InputBits))];
        bool[] client = [.. words.SelectMany(j => Bits(clientShares[j], function.InputBits)), .. Bits(mask, function.RingBits)];
        return circuit.Evaluate(server, client).Select((bit, i) => bit ? 1UL << i : 0).Aggregate(0UL, (word, bit) => word | bit);

        static IEnumerable<bool> Bits(ulong word, int count) => Enumerable.Range(0, count).Select(i => ((word >> i) & 1) == 1);
    }

    private static void UseEdgeValues(ulong[] values, int bits)
    {
        ulong[] edges = [0, Mask(bits), Mask(bits - 1), 1UL << (bits - 1), 1];
        for (int i = 0; i < Math.Min(edges.Length, values.Length); i++)
            values[i * (values.Length / Math.Min(edges.Length, values.Length))] = edges[i];
    }

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue >> (64 - bits);

    private static void AssertBalanced(byte[] bytes)
    {
        double bits = 8.0 * bytes.Length;
        double ones = bytes.Sum(value => (double)BitOperations.PopCount(value));
        Assert.InRange(ones, (bits / 2) - (4 * Math.Sqrt(bits)), (bits / 2) + (4 * Math.Sqrt(bits))); // 8 standard deviations
    }

    private sealed class GarbledRun
    {
        public required GarbledTables Tables { get; init; }

        public required Block Seed { get; init; }

        public required Block[] EvaluatorZeroLabels { get; init; }

        public required byte[] PermuteBits { get; init; }

        public required byte[] TableBytes { get; init; }

        public byte[] LabelBytes { get; set; } = [];

        public byte[] Colors { get; set; } = [];
    }

    /// <summary>A garbler and an evaluator whose sessions advance together; oblivious transfer is played in the clear.</summary>
    private sealed class Parties
    {
        private readonly Circuit _circuit;
        private readonly HalfGatesGarbler _garbler;
        private readonly GarblingSession _evaluatorSession;

        public Parties(Circuit circuit)
        {
            _circuit = circuit;
            var session = GarblingSession.Create();
            _evaluatorSession = new GarblingSession(session.StartPoint);
            _garbler = new HalfGatesGarbler(session, Delta);
        }

        public Block Delta { get; } = CorrelatedOtSender.CreateDelta();

        public GarbledRun Garble(int instances)
        {
            var zeroLabels = new Block[HalfGates.EvaluatorLabels(_circuit, instances)];
            SecureRandom.CreateGenerator().Fill(zeroLabels);
            Block seed = SecureRandom.NextBlock();
            byte[] permuteBits = RandomNumberGenerator.GetBytes((int)HalfGates.ColorBytes(_circuit, instances));
            byte[] sent = [];
            GarbledTables? tables = null;
            OtParties.Run(
                channel =>
                {
                    var recording = new RecordingChannel(channel);
                    _garbler.Garble(_circuit, instances, seed, zeroLabels, recording, permuteBits);
                    sent = [.. recording.Sent];
                },
                channel => tables = GarbledTables.Receive(_evaluatorSession, _circuit, instances, channel));
            return new GarbledRun
            {
                Tables = tables!,
                Seed = seed,
                EvaluatorZeroLabels = zeroLabels,
                PermuteBits = permuteBits,
                TableBytes = sent,
            };
        }

        public Block[] GarblerLabels(Block seed, byte[] inputs)
        {
            var labels = new Block[_circuit.GarblerInputs];
            OtParties.Run(
                channel => _garbler.SendInputLabels(_circuit, 1, seed, inputs, channel),
                channel => channel.ReceiveBlocks(labels));
            return labels;
        }

        public byte[] EvaluateBits(GarbledRun run, byte[] garblerInputs, byte[] evaluatorInputs)
        {
            GarbledTables tables = run.Tables;
            var garblerLabels = new Block[HalfGates.GarblerLabelBytes(_circuit, tables.Instances) / Block.Size];
            OtParties.Run(
                channel =>
                {
                    var recording = new RecordingChannel(channel);
                    _garbler.SendInputLabels(_circuit, tables.Instances, run.Seed, garblerInputs, recording);
                    run.LabelBytes = [.. recording.Sent];
                },
                channel => channel.ReceiveBlocks(garblerLabels));
            Block[] evaluatorLabels = [.. run.EvaluatorZeroLabels.Select((label, i) =>
                label ^ (Block.Mask(OtParties.Bit(evaluatorInputs, i) ? 1UL : 0) & Delta))];
            byte[] outputs = RandomNumberGenerator.GetBytes((int)HalfGates.ColorBytes(_circuit, tables.Instances));
            using (tables)
                HalfGatesEvaluator.Evaluate(tables, garblerLabels, evaluatorLabels, outputs);
            run.Colors = [.. outputs];
            HalfGates.Decode(outputs, run.PermuteBits);
            return outputs;
        }

        /// <summary>For circuits of one garbler's and one evaluator's word, and a mask of as many bits, of 8 or 16 bits.</summary>
        public ulong[] Evaluate(GarbledRun run, ulong[] serverWords, ulong[] clientWords)
        {
            var function = new NonLinearFunction
            {
                InputBits = _circuit.GarblerInputs,
                RingBits = _circuit.GarblerInputs,
                Activation = Activation.Relu,
            };
            byte[] bits = EvaluateBits(
                run,
                NonLinearCircuit.PackServerInputs(function, serverWords),
                NonLinearCircuit.PackClientInputs(function, clientWords, new ulong[clientWords.Length]));
            ulong[] outputs = new ulong[serverWords.Length];
            PackedBits.Unpack(bits, function.RingBits, outputs);
            return outputs;
        }
    }
}
