using PrivateInference.Benchmarks.Channels;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>1,024 ReLUs with truncation and re-sharing in a ring of 37 bits: what garbler and evaluator need for one run.</summary>
internal sealed class ReluRun
{
    public const int Instances = 1024;

    /// <summary>AND gates of one ReLU: reconstruct, select, re-share.</summary>
    public const int AndGates = 108;

    /// <summary>AND gates of the whole run: benchmarks report times per gate.</summary>
    public const int TotalAndGates = AndGates * Instances;

    public ReluRun()
    {
        NonLinearFunction function = new() { InputBits = LayerShapes.RingBits, RingBits = LayerShapes.RingBits, Shift = 0, Activation = Activation.Relu };
        Circuit = NonLinearCircuit.Create(function);
        if (Circuit.AndGates != AndGates)
            throw new InvalidOperationException($"The circuit has {Circuit.AndGates} AND gates; the benchmark reports times for {AndGates}.");
        Delta = CorrelatedOtSender.CreateDelta();
        ClientZeroLabels = new Block[HalfGates.EvaluatorLabels(Circuit, Instances)];
        SecureRandom.CreateGenerator().Fill(ClientZeroLabels);
        PermuteBits = new byte[HalfGates.ColorBytes(Circuit, Instances)];
        Garbler = new HalfGatesGarbler(Session, Delta);
    }

    public Circuit Circuit { get; }

    public Block Delta { get; }

    public GarblingSession Session { get; } = GarblingSession.Create();

    public HalfGatesGarbler Garbler { get; }

    public Block[] ClientZeroLabels { get; }

    public byte[] PermuteBits { get; }

    /// <summary>Garbled tables as the evaluator holds them.</summary>
    public GarbledTables ReceiveTables()
    {
        using TapeChannel tape = new();
        GarblingSession evaluator = new(Session.StartPoint);
        Garbler.Garble(Circuit, Instances, SecureRandom.NextBlock(), ClientZeroLabels, tape, PermuteBits);
        tape.Rewind();
        return GarbledTables.Receive(evaluator, Circuit, Instances, tape);
    }
}
