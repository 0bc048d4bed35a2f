using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the client keeps between the offline and the online phase of one inference. Used once.</summary>
internal sealed class ClientMaterial(int steps) : IDisposable
{
    /// <summary>r: the client's share of the input, which masks it.</summary>
    public required ulong[] InputMask { get; init; }

    /// <summary>The client's share of the plan's output.</summary>
    public required ulong[] OutputShare { get; init; }

    /// <summary>By step index: tables and own input labels of a garbled step.</summary>
    public EvaluatorMaterial?[] Garbled { get; } = new EvaluatorMaterial?[steps];

    /// <summary>By step index: all of a step by oblivious transfer.</summary>
    public IComparisonClient?[] Comparisons { get; } = new IComparisonClient?[steps];

    /// <summary>By step index: all of a garbled shared sign step.</summary>
    public SharedSignClient?[] SharedSigns { get; } = new SharedSignClient?[steps];

    /// <summary>By step index: all of a polynomial step.</summary>
    public IPolynomialClient?[] Polynomials { get; } = new IPolynomialClient?[steps];

    /// <summary>All of the range check; null where the plan has none.</summary>
    public RangeCheckClient? RangeCheck { get; init; }

    /// <summary>Whether it comes from a store.</summary>
    public bool IsStored { get; set; }

    public TimeSpan OfflineTime { get; set; }

    public IReadOnlyList<PlannedMessage> OfflineMessages { get; set; } = [];

    /// <summary>Material of a program, yet to be read from a store.</summary>
    public static ClientMaterial Empty(TwoPartyProgram program)
    {
        ExecutionPlan plan = program.Plan;
        ClientMaterial material = new(plan.Steps.Length)
        {
            InputMask = new ulong[plan.Values[plan.Steps[TwoPartyProgram.InputStep].Output].Count],
            OutputShare = new ulong[plan.Values[plan.Steps[program.OutputStep].Output].Count],
            RangeCheck = program.RangeCheck is { } check ? new RangeCheckClient(check) : null,
        };
        foreach (int step in program.Schedule.NonLinearSteps)
        {
            if (program.FindComparison(step) is { } comparison)
                material.Comparisons[step] = comparison.CreateClient();
            else if (program.FindSharedSign(step) is { } sharedSign)
                material.SharedSigns[step] = new SharedSignClient(sharedSign);
            else
                material.Garbled[step] = program.NonLinear(step).EmptyClient();
        }

        foreach (int step in program.Schedule.PolynomialSteps)
        {
            ulong[] nothing = new ulong[program.Polynomial(step).Count];
            material.Polynomials[step] = program.Polynomial(step).CreateClient(nothing, nothing);
        }

        return material;
    }

    /// <summary>Lets go of what a step has used.</summary>
    public void Forget(int step)
    {
        Garbled[step] = null;
        Comparisons[step] = null;
        SharedSigns[step] = null;
        Polynomials[step] = null;
    }

    /// <summary>All that the online phase needs: nothing of it refers to the session that prepared it.</summary>
    public void Keep(MaterialFields fields)
    {
        fields.Keep(InputMask);
        fields.Keep(OutputShare);
        for (int step = 0; step < Garbled.Length; step++)
        {
            Garbled[step]?.Keep(fields);
            Comparisons[step]?.Keep(fields);
            SharedSigns[step]?.Keep(fields);
            Polynomials[step]?.Keep(fields);
        }

        RangeCheck?.Keep(fields);
    }

    public void Dispose()
    {
        foreach (EvaluatorMaterial? step in Garbled)
            step?.Dispose();
        foreach (IComparisonClient? step in Comparisons)
            step?.Dispose();
        foreach (SharedSignClient? step in SharedSigns)
            step?.Dispose();
        foreach (IPolynomialClient? step in Polynomials)
            step?.Dispose();
        RangeCheck?.Dispose();
    }
}
