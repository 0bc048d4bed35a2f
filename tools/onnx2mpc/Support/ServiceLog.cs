namespace PrivateInference.CommandLine.Support;

/// <summary>What a long-running party tells its operator, with the time, on standard error.</summary>
internal static class ServiceLog
{
    public static void Write(string message) => Console.Error.WriteLine($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {message}");
}
