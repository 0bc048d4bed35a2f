using System.Net.Sockets;
using System.Security.Cryptography;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.CommandLine.Output;

/// <summary>Turns a failure into a message on standard error and an exit code.</summary>
internal static class ErrorReport
{
    public static int Print(Exception failure)
    {
        int code = CodeOf(failure);
        Console.Error.WriteLine(code == ExitCodes.Interrupted ? "onnx2mpc: interrupted" : $"onnx2mpc: {Describe(failure)}");
        return code;
    }

    public static int CodeOf(Exception failure) => failure switch
    {
        UsageException or ArgumentException or FormatException => ExitCodes.Usage,
        ModelNotSupportedException or ExportException or UnsupportedOperationsException or RingOverflowException or TruncationFailureException or PowerMethodException or NoiseBudgetException => ExitCodes.NotSupported,
        ModelFormatException or PlanFormatException or DataFormatException or GraphException or CryptographicException
            or UnauthorizedAccessException or OnnxRuntimeNotFoundException or OnnxRuntimeException => ExitCodes.BadFile,
        PeerProtocolException or SocketException => ExitCodes.PeerFailure,
        IOException => ExitCodes.BadFile,
        CheckFailedException or AuditException => ExitCodes.CheckFailed,
        OperationCanceledException => ExitCodes.Interrupted,
        _ => 1,
    };

    /// <summary>What happened; of a failure that nobody foresaw, which is a bug, also where.</summary>
    public static string Describe(Exception failure)
        => CodeOf(failure) == 1 ? $"internal error, please report it: {failure}" : failure.Message;
}
