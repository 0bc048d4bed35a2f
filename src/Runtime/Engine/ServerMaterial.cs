using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the server keeps between the offline and the online phase of one inference. Used once.</summary>
internal sealed class ServerMaterial(ulong serial, int steps, Block delta) : IDisposable
{
    private Block _delta = delta;

    /// <summary>Counts the session's prepared inferences; both parties use them in this order.</summary>
    public ulong Serial { get; } = serial;

    /// <summary>Selects the labels of garbled steps. It shares Δ with who garbled them and nothing else.</summary>
    public HalfGatesGarbler LabelSelector => new(GarblingSession.Create(), _delta);

    /// <summary>By step index: s, the server's share of a linear step's product (before bias).</summary>
    public ulong[]?[] OutputMasks { get; } = new ulong[]?[steps];

    /// <summary>By step index: how to select input labels and decode outputs of a garbled step.</summary>
    public GarblerMaterial?[] Garbled { get; } = new GarblerMaterial?[steps];

    /// <summary>By step index: all of a step by oblivious transfer.</summary>
    public IComparisonServer?[] Comparisons { get; } = new IComparisonServer?[steps];

    /// <summary>By step index: all of a garbled shared sign step.</summary>
    public SharedSignServer?[] SharedSigns { get; } = new SharedSignServer?[steps];

    /// <summary>By step index: all of a polynomial step.</summary>
    public IPolynomialServer?[] Polynomials { get; } = new IPolynomialServer?[steps];

    /// <summary>All of the range check; null where the plan has none.</summary>
    public RangeCheckServer? RangeCheck { get; private init; }

    /// <summary>Material of a program, yet to be filled by the offline phase.</summary>
    /// <param name="program">The plan's.</param>
    /// <param name="serial">Counts the session's prepared inferences.</param>
    /// <param name="delta">Of the session's garbler.</param>
    public static ServerMaterial Create(TwoPartyProgram program, ulong serial, Block delta)
        => new(serial, program.Plan.Steps.Length, delta) { RangeCheck = program.RangeCheck is { } check ? new RangeCheckServer(check) : null };

    /// <summary>Material of a program, yet to be read from a store.</summary>
    public static ServerMaterial Empty(TwoPartyProgram program, ulong serial)
    {
        ServerMaterial material = Create(program, serial, delta: default);
        foreach (int step in program.Schedule.LinearLevels.SelectMany(level => level))
            material.OutputMasks[step] = new ulong[((ConvolutionStep)program.Plan.Steps[step]).Geometry.OutputCount];
        foreach (int step in program.Schedule.NonLinearSteps)
        {
            if (program.FindComparison(step) is { } comparison)
                material.Comparisons[step] = comparison.CreateServer();
            else if (program.FindSharedSign(step) is { } sharedSign)
                material.SharedSigns[step] = new SharedSignServer(sharedSign);
            else
                material.Garbled[step] = program.NonLinear(step).EmptyServer();
        }

        foreach (int step in program.Schedule.PolynomialSteps)
            material.Polynomials[step] = program.Polynomial(step).CreateServer();
        return material;
    }

    /// <summary>All that the online phase needs: of the session that prepared it, Δ alone, where anything is garbled.</summary>
    public void Keep(MaterialFields fields)
    {
        if (Garbled.Any(step => step is not null) || SharedSigns.Any(step => step is not null))
            fields.Keep(ref _delta);
        for (int step = 0; step < OutputMasks.Length; step++)
        {
            fields.Keep(OutputMasks[step]);
            Garbled[step]?.Keep(fields);
            Comparisons[step]?.Keep(fields);
            SharedSigns[step]?.Keep(fields);
            Polynomials[step]?.Keep(fields);
        }

        RangeCheck?.Keep(fields);
    }

    public void Dispose()
    {
        foreach (IComparisonServer? step in Comparisons)
            step?.Dispose();
        foreach (SharedSignServer? step in SharedSigns)
            step?.Dispose();
        foreach (IPolynomialServer? step in Polynomials)
            step?.Dispose();
        RangeCheck?.Dispose();
    }
}
