using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>A plan as stable text, for people and golden files. It shows everything but the weights' digest and so changes only with the program.</summary>
public static class PlanPrinter
{
    public static string Print(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"plan {plan.Name} (format {ExecutionPlan.FormatVersion}, backend {plan.Backend}, ring 2^{plan.RingBits})\n");
        if (TruncationFailure.Of(plan) is > 0 and double failure)
            text.Append(CultureInfo.InvariantCulture, $"local truncation fails with a probability of 2^{Math.Log2(failure):0.0} an inference at most\n");
        if (!plan.Labels.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $"labels {string.Join(", ", plan.Labels)}\n");
        text.Append("\nvalues\n");
        for (int i = 0; i < plan.Values.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"  %{i} {Describe(plan.Values[i])}\n");
        text.Append("\nsteps\n");
        foreach (PlanStep step in plan.Steps)
            text.Append(CultureInfo.InvariantCulture, $"  %{step.Output} = {Describe(plan, step)}  # {step.Name}\n");
        return text.ToString();
    }

    private static string Describe(PlanValue value)
    {
        string error = double.IsNaN(value.ErrorBound) ? "?" : Number(value.ErrorBound);
        return $"{value.Name}: {Dimensions(value.Shape)}, scale {Scale(value.Scale)}, {value.Bits} bits, range [{Number(value.Minimum)}, {Number(value.Maximum)}], error {error}";
    }

    private static string Describe(ExecutionPlan plan, PlanStep step)
    {
        string operands = string.Join(", ", step.Inputs.Select(i => $"%{i}"));
        long relus = step.ReluCount(plan);
        return $"{step.Kind}({operands}){Parameters(step)}{(relus > 0 ? $" relus={relus}" : "")}";
    }

    private static string Parameters(PlanStep step) => step switch
    {
        InputStep or ReshapeStep => "",
        ConvolutionStep s => Parameters(s),
        NonLinearStep s => $" bits={s.InputBits} shift={s.Shift}{(s.Activation == Activation.Clip ? $" clip=[{s.Lower}, {s.Upper}]" : "")}{Window(s.Pool)}{Means(s.Method)}",
        SharedSignStep s => $" bits={s.DecisionBits} groups={Map(s.Groups)}{(s.Turned.IsEmpty ? "" : $" turned={Digest(s.Turned.AsSpan())}")}{(s.Noise is { } noise ? $" noise={noise.Threshold}/2^{noise.Bits}" : "")}{Means(s.Method)}",
        PolynomialStep s => $" degree={s.Degree} inner={s.Inner} coefficients={List(s.Coefficients)}{((s.InputShift, s.OutputShift) != (0, 0) ? $" shifts=[{s.InputShift}, {s.OutputShift}]" : "")}{(s.RingBits != 0 ? $" ring=2^{s.RingBits}" : "")}{(s.Method != PowerMethod.HoneyBadger ? $" by={s.Method.ToString().ToLowerInvariant()}" : "")}",
        RangeCheckStep s => $" shift={s.Shift} lower={List(s.Lower)} upper={List(s.Upper)}",
        TruncateStep s => $" shift={s.Shift}",
        SumPoolStep s => $"{Window(s.Pool)}{(s.Multipliers.IsEmpty ? "" : $" multipliers={List(s.Multipliers)}")}",
        AddStep s => $" shifts=[{s.LeftShift}, {s.RightShift}]",
        AddConstantStep s => $" constant=w{s.Constant}",
        ConcatStep s => $" axis={s.Axis} shifts={List(s.Shifts)}",
        PadStep s => $" pads={List(s.Pads)} value={s.Value}",
        SliceStep s => $" starts={List(s.Starts)} steps={List(s.Steps)}",
        TransposeStep s => $" permutation={List(s.Permutation)}",
        OutputStep { Function: OutputFunction.None } => "",
        OutputStep s => $" {(s.Function == OutputFunction.Softmax ? "softmax" : "argmax")} axis={s.Axis}{(s.KeepAxis ? " keep-axis" : "")}{(s.SelectLast ? " select-last" : "")}",
        _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
    };

    private static string Parameters(ConvolutionStep step)
    {
        ConvolutionGeometry g = step.Geometry;
        string shape = $"{g.Batch}x{g.InputChannels}x{g.InputHeight}x{g.InputWidth} -> {g.OutputChannels}x{g.OutputHeight}x{g.OutputWidth}";
        string window = $"kernel={g.KernelHeight}x{g.KernelWidth} stride={g.StrideHeight}x{g.StrideWidth} dilation={g.DilationHeight}x{g.DilationWidth} pads=[{g.PadTop}, {g.PadLeft}, {g.PadBottom}, {g.PadRight}] groups={g.Groups}";
        string rlwe = $"rlwe=(degree {step.Rlwe.Degree}, primes {step.Rlwe.PrimeCount}, norm 2^{step.Rlwe.WeightNormBits}, flood 2^{step.Rlwe.FloodBits})";
        return $" [{shape}] {window} weight=w{step.Weight} bias={(step.Bias is { } bias ? $"w{bias}" : "none")} {rlwe}";
    }

    private static string Means(NonLinearMethod method) => method == NonLinearMethod.ObliviousTransfer ? " by=ot" : "";

    private static string Window(PoolGeometry? pool) => pool is null
        ? ""
        : $" [{pool.Planes}x{pool.InputHeight}x{pool.InputWidth} -> {pool.OutputHeight}x{pool.OutputWidth}] kernel={pool.KernelHeight}x{pool.KernelWidth} stride={pool.StrideHeight}x{pool.StrideWidth} dilation={pool.DilationHeight}x{pool.DilationWidth} pads=[{pool.PadTop}, {pool.PadLeft}]";

    private static string Dimensions(ImmutableArray<int> shape) => shape.IsEmpty ? "scalar" : string.Join('x', shape);

    private static string List<T>(ImmutableArray<T> items) => $"[{string.Join(", ", items)}]";

    // Maps of patches are shown in full; a map without structure by a digest, so that a change of it shows.
    private static string Map(IndexMap map) => map.Code.Length <= 64
        ? List(map.Code)
        : $"{map.Count} elements, {Digest(MemoryMarshal.AsBytes(map.Code.AsSpan()))}";

    private static string Digest(ReadOnlySpan<byte> bytes) => $"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static string Scale(double scale)
    {
        int exponent = Math.ILogB(scale);
        double odd = Math.ScaleB(scale, -exponent);
        for (; odd != Math.Floor(odd) && exponent > -1074; exponent--)
            odd *= 2;
        return odd == 1 ? $"2^{exponent}" : $"{odd:R}*2^{exponent}";
    }

    private static string Number(double x) => x.ToString("G6", CultureInfo.InvariantCulture);
}
