using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Tests.ObliviousTransfer;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>Material that was written and read back serves an inference, on a connection and with objects of its own.</summary>
public sealed class MaterialRoundTripTests
{
    private const int Sizes = 3;

    public static TheoryData<string> Kinds => [.. OneStepPlans.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_step_survives(string kind)
    {
        for (int seed = 0; seed < Sizes; seed++)
        {
            (ExecutionPlan plan, ModelWeights weights) = OneStepPlans.Create(kind, seed);
            RequireClearResult(plan, weights, seed);
        }
    }

    [Fact]
    public void A_plan_with_every_step_survives() => RequireClearResult(SamplePlans.EveryStep, SamplePlans.Weights, seed: 1);

    public static TheoryData<string, ExecutionPlan> RandomisedPlans => new() { { "noise", SamplePlans.Noisy }, { "faithful divisions", SamplePlans.Dividing } };

    [Theory]
    [MemberData(nameof(RandomisedPlans))]
    public void All_randomness_is_drawn_when_material_is_prepared(string what, ExecutionPlan plan)
    {
        Assert.NotEmpty(what);
        StoredPair stored = StoredPair.Prepare(plan, SamplePlans.Weights);
        ulong[] input = Input(plan, seed: 3);
        Assert.Equal(stored.Infer(input).Output, stored.Infer(input).Output);
    }

    [Fact]
    public void Material_that_ends_early_is_refused()
    {
        (ExecutionPlan plan, ModelWeights weights) = OneStepPlans.Create("relu", 1);
        StoredPair stored = StoredPair.Prepare(plan, weights);
        using ClientMaterial material = ClientMaterial.Empty(new TwoPartyProgram(plan));
        using MemoryStream cut = new(stored.ClientBytes[..^1]);
        Assert.Throws<EndOfStreamException>(() => material.Keep(new PlainReader(cut)));
    }

    private static void RequireClearResult(ExecutionPlan plan, ModelWeights weights, int seed)
    {
        Ring ring = new(plan.RingBits);
        ulong[] input = Input(plan, seed);
        FixedPointInterpreter interpreter = new(plan, weights);
        long[] expected = [.. interpreter.Run(input).ToArray().Select(ring.ToSigned)];
        StoredPair stored = StoredPair.Prepare(plan, weights);
        PartyBytes size = MaterialSize.Of(new TwoPartyProgram(plan));
        Assert.Equal((size.ClientBytes, size.ServerBytes), (stored.ClientBytes.Length, stored.ServerBytes.Length));
        (ulong[] output, bool? outOfRange) = stored.Infer(input);
        long[] actual = [.. output.Select(ring.ToSigned)];
        Assert.Equal(interpreter.OutOfRange, outOfRange);

        // Faithful division is a unit off at most.
        long unit = plan.Steps.OfType<PolynomialStep>().Any(p => p.OutputShift > 0) ? 1 : 0;
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -unit, unit));
    }

    private static ulong[] Input(ExecutionPlan plan, int seed)
    {
        Random random = new(seed);
        PlanValue value = plan.Values[plan.Steps[0].Output];
        float[] input = [.. Enumerable.Range(0, value.Count).Select(_ => (float)Math.Truncate(value.Minimum + (random.NextDouble() * (value.Maximum - value.Minimum))))];
        ulong[] words = new ulong[input.Length];
        FixedPointEncoding.Encode(value, new Ring(plan.RingBits), input, words);
        return words;
    }

    /// <summary>Both halves of an inference's material, as bytes.</summary>
    private sealed record StoredPair(ExecutionPlan Plan, ModelWeights Weights, byte[] ClientBytes, byte[] ServerBytes)
    {
        public static StoredPair Prepare(ExecutionPlan plan, ModelWeights weights)
        {
            byte[] client = [], server = [];
            OtParties.Run(
                wire =>
                {
                    MessageChannel channel = new(wire, Party.Client, Party.Server);
                    TwoPartyProgram program = new(plan);
                    using ClientKeys keys = ClientKeys.Agree(program, withDealer: false, channel);
                    using ClientMaterial material = ClientOfflinePhase.Run(program, keys, deal: null, channel);
                    client = Write(material.Keep);
                },
                wire =>
                {
                    MessageChannel channel = new(wire, Party.Server, Party.Client);
                    ServerModel model = new(plan, weights);
                    Assert.Equal(ServerKeys.FirstHeader(model.Program), channel.BeginReceiveAny());
                    ServerKeys keys = ServerKeys.Agree(model.Program, withDealer: false, channel);
                    Assert.Equal(TwoPartyProgram.PrepareHeader, channel.BeginReceiveAny());
                    channel.EndReceive();
                    using ServerMaterial material = ServerOfflinePhase.Run(model, keys, deal: null, channel, serial: 0);
                    server = Write(material.Keep);
                });
            return new StoredPair(plan, weights, client, server);
        }

        /// <summary>The opened output. A real store would give the material away once.</summary>
        public (ulong[] Output, bool? OutOfRange) Infer(ulong[] input)
        {
            (ulong[], bool?) opened = ([], null);
            OtParties.Run(
                wire =>
                {
                    TwoPartyProgram program = new(Plan);
                    using ClientMaterial material = ClientMaterial.Empty(program);
                    Read(ClientBytes, material.Keep);
                    opened = ClientOnlinePhase.Run(program, material, new MessageChannel(wire, Party.Client, Party.Server), input);
                },
                wire =>
                {
                    MessageChannel channel = new(wire, Party.Server, Party.Client);
                    ServerModel model = new(Plan, Weights);
                    using ServerMaterial material = ServerMaterial.Empty(model.Program, serial: 0);
                    Read(ServerBytes, material.Keep);
                    Assert.Equal(model.Program.InferHeader, channel.BeginReceiveAny());
                    ServerOnlinePhase.Run(model, material, channel);
                });
            return opened;
        }

        private static byte[] Write(Action<MaterialFields> keep)
        {
            using MemoryStream stream = new();
            keep(new PlainWriter(stream));
            return stream.ToArray();
        }

        private static void Read(byte[] bytes, Action<MaterialFields> keep)
        {
            using MemoryStream stream = new(bytes);
            keep(new PlainReader(stream));
            Assert.Equal(stream.Length, stream.Position);
        }
    }

    private sealed class PlainWriter(Stream stream) : MaterialFields
    {
        public override void Keep(Span<byte> field) => stream.Write(field);
    }

    private sealed class PlainReader(Stream stream) : MaterialFields
    {
        public override void Keep(Span<byte> field) => stream.ReadExactly(field);
    }
}
